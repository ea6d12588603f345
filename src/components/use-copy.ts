import { useEffect, useState } from 'react'
import { copyText } from '../lib/browser/sharing.ts'
import { now, wakeWhen } from '../lib/clock.ts'

const SHOWN_MS = 1500

/** What came of copying, for a moment. */
export type Copied = 'copied' | 'denied' | null

export const COPIED_WORDS = {
  copied: 'Copied',
  denied: 'The browser did not allow copying',
} as const

/** Copies texts to the clipboard, and tells what came of it for as long as that is news. */
export function useCopy(): readonly [Copied, (text: string) => Promise<void>] {
  const [outcome, setOutcome] = useState<Copied>(null)

  useEffect(() => {
    if (outcome === null) return
    return wakeWhen(now() + SHOWN_MS, () => setOutcome(null))
  }, [outcome])

  const copy = async (text: string) => setOutcome((await copyText(text)) ? 'copied' : 'denied')
  return [outcome, copy]
}

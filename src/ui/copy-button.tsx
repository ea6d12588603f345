import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { copyText } from '../lib/browser/sharing.ts'
import { now, wakeWhen } from '../lib/clock.ts'
import { IconButton } from './button.tsx'

/** Copies `text`; for a moment a tick and the label show the result. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [outcome, copy] = useCopy()
  return (
    <>
      <IconButton
        label={outcome === null ? label : COPIED_WORDS[outcome]}
        onClick={() => void copy(text)}
      >
        {outcome === 'copied' ? <Check size={16} className="text-good" /> : <Copy size={16} />}
      </IconButton>
      {/* Beside the button: inside it, the text would become its name, and no rule would
          announce it. */}
      <span role="status" className="sr-only">
        {outcome === null ? '' : COPIED_WORDS[outcome]}
      </span>
    </>
  )
}

const SHOWN_MS = 1500

/** Result of copying, shown for a moment. */
export type Copied = 'copied' | 'denied' | null

export const COPIED_WORDS = {
  copied: 'Copied',
  denied: 'The browser didn’t allow copying',
} as const

/** Copies texts to the clipboard, and reports the result for a moment. */
export function useCopy(): readonly [Copied, (text: string) => Promise<void>] {
  const [outcome, setOutcome] = useState<Copied>(null)

  useEffect(() => {
    if (outcome === null) return
    return wakeWhen(now() + SHOWN_MS, () => setOutcome(null))
  }, [outcome])

  const copy = async (text: string) => setOutcome((await copyText(text)) ? 'copied' : 'denied')
  return [outcome, copy]
}

import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { now, wakeWhen } from '../lib/clock.ts'
import { IconButton } from './button.tsx'

const SHOWN_MS = 1500

/** Copies `text`; for a moment the icon is a tick and the label says what happened. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'denied' | null>(null)

  useEffect(() => {
    if (outcome === null) return
    return wakeWhen(now() + SHOWN_MS, () => setOutcome(null))
  }, [outcome])

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setOutcome('copied')
    } catch {
      setOutcome('denied')
    }
  }
  const said = { copied: 'Copied', denied: 'The browser did not allow copying' }
  return (
    <>
      <IconButton label={outcome === null ? label : said[outcome]} onClick={copy}>
        {outcome === 'copied' ? (
          <Check aria-hidden size={16} className="text-good" />
        ) : (
          <Copy aria-hidden size={16} />
        )}
      </IconButton>
      {/* Beside the button: what is inside of one counts as its text alone, and is announced by no rule. */}
      <span role="status" className="sr-only">
        {outcome === null ? '' : said[outcome]}
      </span>
    </>
  )
}

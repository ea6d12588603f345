import { Check, Copy } from 'lucide-react'
import { IconButton } from './button.tsx'
import { COPIED_WORDS, useCopy } from './use-copy.ts'

/** Copies `text`; for a moment the icon is a tick and the label says what happened. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [outcome, copy] = useCopy()
  return (
    <>
      <IconButton
        label={outcome === null ? label : COPIED_WORDS[outcome]}
        onClick={() => void copy(text)}
      >
        {outcome === 'copied' ? (
          <Check aria-hidden size={16} className="text-good" />
        ) : (
          <Copy aria-hidden size={16} />
        )}
      </IconButton>
      {/* Beside the button: what is inside of one counts as its text alone, and is announced by no rule. */}
      <span role="status" className="sr-only">
        {outcome === null ? '' : COPIED_WORDS[outcome]}
      </span>
    </>
  )
}

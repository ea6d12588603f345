import { KeyRound, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { dismiss, forgetKey, type Note } from '../../session/session.ts'
import { KeysLink } from './keys-link.tsx'

/** What there is to tell of the key, above the page. */
export const SessionNotes = ({ notes }: { readonly notes: readonly Note[] }) => (
  <SessionNoteList notes={notes} onDismiss={dismiss} onForgetKey={forgetKey} />
)

interface SessionNoteListProps {
  readonly notes: readonly Note[]
  readonly onDismiss: (note: Note) => void
  readonly onForgetKey: () => void
}

const SAYS = {
  'handed-over': 'This tab uses the key of another open tab of Loupe.',
  'in-address': 'An API key was in the address',
} as const satisfies Record<Note, string>

export function SessionNoteList({ notes, onDismiss, onForgetKey }: SessionNoteListProps) {
  return (
    <div className="mb-3 grid gap-3">
      <Said words={notes.map((note) => SAYS[note]).join('. ')} />
      {notes.map((note) =>
        note === 'in-address' ? (
          <InAddress key={note} onDismiss={() => onDismiss(note)} />
        ) : (
          <HandedOver key={note} onForgetKey={onForgetKey} onDismiss={() => onDismiss(note)} />
        ),
      )}
    </div>
  )
}

/** What is put into a status is read out; what comes together with it is not. */
function Said({ words }: { readonly words: string }) {
  const [said, setSaid] = useState('')
  useEffect(() => setSaid(words), [words])
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  )
}

interface HandedOverProps {
  readonly onForgetKey: () => void
  readonly onDismiss: () => void
}

const HandedOver = ({ onForgetKey, onDismiss }: HandedOverProps) => (
  <section
    aria-label="Key of another tab"
    className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-xl border border-line bg-surface py-1.5 pr-2 pl-4 text-sm"
  >
    <p className="flex flex-1 basis-64 items-start gap-3 py-1.5 text-pretty">
      <KeyRound aria-hidden size={16} className="mt-0.5 shrink-0 text-accent" />
      {SAYS['handed-over']}
    </p>
    <div className="flex gap-1 max-sm:ml-4">
      <Button look="quiet" onClick={onForgetKey}>
        Forget key
      </Button>
      <Button look="quiet" onClick={onDismiss} icon={<X aria-hidden size={15} />}>
        Dismiss
      </Button>
    </div>
  </section>
)

const InAddress = ({ onDismiss }: { readonly onDismiss: () => void }) => (
  <Notice
    tone="warn"
    title={SAYS['in-address']}
    action={
      <Button className="mt-3" onClick={onDismiss} icon={<X aria-hidden size={15} />}>
        Dismiss
      </Button>
    }
  >
    <p>
      It is out of it now, and Loupe did not take it from there. It may still be in the history of
      this browser and in the logs of servers, so replace it at <KeysLink />.
    </p>
  </Notice>
)

import { FileUp, RotateCw } from 'lucide-react'
import { type ReactNode, useSyncExternalStore } from 'react'
import { Button, buttonClass } from '../components/button.tsx'
import { Shortened } from '../components/shortened.tsx'
import { onNetwork, saysOffline } from '../lib/browser/network.ts'
import { KEYS_IN_WORDS } from './keys.ts'

/** Says that more is to come than the preview; not for what comes at once. */
export function LoadingNote({ text }: { readonly text: string }) {
  return (
    <p
      role="status"
      className="pointer-events-none absolute bottom-4 left-1/2 -translate-x-1/2 rounded-lg border border-line bg-surface px-3 py-1.5 text-sm whitespace-nowrap text-ink opacity-100 transition-opacity delay-300 starting:opacity-0"
    >
      {text}
    </p>
  )
}

interface FailedNoteProps {
  readonly url: string
  /** The way to a new link; null where nobody asks. */
  readonly fresh: ReactNode
  readonly onAgain: () => void
}

/** An image element does not say why it failed, so this names what it can be and what helps. */
export function FailedNote({ url, fresh, onAgain }: FailedNoteProps) {
  const offline = useSyncExternalStore(onNetwork, saysOffline)
  return (
    <div className="pointer-events-none absolute inset-0 flex items-center justify-center p-4">
      <div
        role="alert"
        className="pointer-events-auto max-w-sm rounded-xl border border-line bg-surface p-5 shadow-2xl"
      >
        <h3 className="font-medium text-balance">This picture could not be loaded</h3>
        <p className="mt-1 text-sm text-pretty text-muted">
          {offline
            ? 'You may be offline. Try again once you’re connected.'
            : `Its link may have ended, or the file is of a kind that this browser cannot show.${fresh === null ? ' Try again, or open the file by itself.' : ''}`}
        </p>
        <div className="mt-4 flex flex-wrap gap-2">
          <Button
            look="primary"
            className="min-h-10.5"
            icon={<RotateCw aria-hidden size={15} />}
            onClick={onAgain}
          >
            Try again
          </Button>
          {/* What a host shows by itself where a link has ended is no help. */}
          {offline
            ? null
            : (fresh ?? (
                <a
                  href={url}
                  target="_blank"
                  rel="noopener noreferrer"
                  className={`${buttonClass()} min-h-10.5`}
                >
                  Open the file
                </a>
              ))}
        </div>
      </div>
    </div>
  )
}

/** Over everything while a file is held above the window. */
export function DropNote({ title }: { readonly title: string }) {
  return (
    <div className="pointer-events-none absolute inset-2 z-20 flex flex-col items-center justify-center gap-3 rounded-xl border-2 border-dashed border-accent bg-neutral-950/85 p-4 text-center">
      <FileUp aria-hidden size={26} className="text-accent" />
      <p className="font-medium text-balance">
        Compare <Shortened text={title} length={40} /> with this file
      </p>
      <p className="text-sm text-muted">It stays in this browser.</p>
    </div>
  )
}

export function KeysNote() {
  return (
    <section
      aria-label="Keyboard"
      className="absolute top-2 right-4 z-10 rounded-xl border border-line bg-surface p-4 shadow-2xl"
    >
      <dl className="grid grid-cols-[auto_auto] items-center gap-x-6 gap-y-2 text-sm">
        {KEYS_IN_WORDS.map(([keys, what]) => (
          <div key={what} className="contents">
            <dt className="flex gap-1">
              {keys.map((key) => (
                <kbd
                  key={key}
                  className="rounded-md border border-line bg-sunken px-1.5 py-0.5 text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dt>
            <dd className="text-muted">{what}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

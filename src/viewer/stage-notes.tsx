import { FileUp, RotateCw } from 'lucide-react'
import { type ReactNode, useSyncExternalStore } from 'react'
import { onNetwork, saysOffline } from '../lib/browser/network.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Shortened } from '../ui/shortened.tsx'
import { KEYS_IN_WORDS } from './keys.ts'

/** Says that the full image is still loading; delayed, so that fast loads show nothing. */
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
  /** Button for a new link; null in views that send no requests. */
  readonly fresh: ReactNode
  readonly onAgain: () => void
}

/** An image element does not report why it failed, so this lists possible causes and what helps. */
export function FailedNote({ url, fresh, onAgain }: FailedNoteProps) {
  const offline = useSyncExternalStore(onNetwork, saysOffline)
  return (
    <div className="pointer-events-none absolute inset-0 flex items-center justify-center p-4">
      <div
        role="alert"
        className="pointer-events-auto max-w-sm rounded-xl border border-line bg-surface p-5 shadow-2xl"
      >
        <h3 className="font-medium text-balance">Couldn’t load this image</h3>
        <p className="mt-1 text-sm text-pretty text-muted">
          {offline
            ? 'You may be offline. Try again once you’re connected.'
            : 'Its link may have expired, or this browser can’t show the file.'}
        </p>
        <div className="mt-4 flex flex-wrap gap-2">
          <Button look="primary" className="min-h-10.5" icon={RotateCw} onClick={onAgain}>
            Retry
          </Button>
          {/* The host's own error page for an expired link would not help. */}
          {offline
            ? null
            : (fresh ?? (
                <a
                  href={url}
                  target="_blank"
                  rel="noopener noreferrer"
                  className={`${buttonClass()} min-h-10.5`}
                >
                  Open file
                </a>
              ))}
        </div>
      </div>
    </div>
  )
}

/** Overlay while a file is dragged over the window. */
export function DropNote({ title }: { readonly title: string }) {
  return (
    <div className="pointer-events-none absolute inset-2 z-20 flex flex-col items-center justify-center gap-3 rounded-xl border-2 border-dashed border-accent bg-neutral-950/85 p-4 text-center">
      <FileUp size={26} className="text-accent" />
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

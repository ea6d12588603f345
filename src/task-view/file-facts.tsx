import { CircleX, Hourglass, Link2Off, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import type { TaskFile } from '../../core/api/task.ts'
import type { FileState, LinkSource } from '../downloads/file-state.ts'
import { formatBytes } from '../lib/bytes.ts'
import { formatDimensions } from '../lib/format.ts'
import type { Icon } from '../ui/button.tsx'
import { TimeText } from '../ui/time-text.tsx'
import { Unknown } from '../ui/unknown.tsx'
import { Expiry } from './expiry.tsx'

const typeLabel = (type: string | null) => type?.replace(/^image\//i, '').toUpperCase() ?? null

interface StateLineProps {
  readonly state: FileState
  readonly expiresAt: number | null
  readonly clockSkew: number
  /** Off-screen countdowns are not updated. */
  readonly seen?: boolean
}

/** How long the file can be had, or why no longer. */
export function StateLine({ state, expiresAt, clockSkew, seen = true }: StateLineProps) {
  switch (state.kind) {
    case 'ready':
    case 'expiring':
    case 'withheld':
      return <Expiry endsAt={state.endsAt} clockSkew={clockSkew} seen={seen} />
    case 'expiry-unknown':
      return <Expiry endsAt={null} clockSkew={clockSkew} seen={seen} />
    case 'no-link':
      return <Ended icon={Link2Off}>No download link</Ended>
    case 'unfinished':
      return <Ended icon={Hourglass}>Available when done</Ended>
    case 'failed':
      return (
        <Ended icon={CircleX} ink="text-bad">
          Failed
        </Ended>
      )
    case 'expired':
      return (
        <Ended icon={Link2Off}>
          {expiresAt === null || state.early ? (
            'Link expired early'
          ) : (
            <TimeText at={expiresAt}>Link expired</TimeText>
          )}
        </Ended>
      )
    case 'gone':
      return (
        <Ended icon={Trash2}>
          {expiresAt === null ? 'File expired' : <TimeText at={expiresAt}>File expired</TimeText>}
        </Ended>
      )
  }
}

interface EndedProps {
  readonly icon: Icon
  readonly ink?: string
  readonly children: ReactNode
}

const Ended = ({ icon: Icon, ink = 'text-muted', children }: EndedProps) => (
  <span className={`inline-flex min-h-9 items-center gap-1.5 text-sm ${ink}`}>
    <Icon size={14} />
    {children}
  </span>
)

interface StateHintProps {
  readonly state: FileState
  readonly closed: boolean
  readonly source: LinkSource
}

/** One-line explanation of the state; nothing where the countdown says it all. */
export function StateHint({ state, closed, source }: StateHintProps) {
  const hints = source === 'own' ? HINTS : SHARED_HINTS
  const hint = closed
    ? 'This file can only be saved by the browser, under its own name.'
    : hints[state.kind]
  return hint === null ? null : <p className="text-xs text-pretty text-muted">{hint}</p>
}

/** Host of a link from somebody else, shown before it is followed. */
export function FromHost({ url }: { readonly url: string }) {
  const { origin, host } = new URL(url)
  return origin === location.origin ? null : (
    <p className="text-xs [overflow-wrap:anywhere] text-muted">Downloads from {host}</p>
  )
}

type Hints = Readonly<Record<FileState['kind'], string | null>>

/** The button is a check, and a check is what deducts credits. */
const NEW_LINK = 'A new link uses 1 check. Credits are never deducted twice.'

const HINTS: Hints = {
  ready: null,
  expiring: null,
  'expiry-unknown': 'Download soon: no expiry date given.',
  'no-link': NEW_LINK,
  unfinished: null,
  failed: null,
  withheld: null,
  expired: NEW_LINK,
  gone: 'Upscayl no longer has this file. Run the task again to recreate it.',
}

/** Same for views that send no requests: only the sender can help. */
const SHARED_HINTS: Hints = {
  ...HINTS,
  'no-link': 'No link was shared. Ask the sender for the file.',
  expired: 'Ask the sender for a new link.',
  gone: 'It had expired when this was shared.',
}

export function FileFacts({ file }: { readonly file: TaskFile }) {
  const { type, size, dimensions } = file
  const facts = [
    typeLabel(type),
    size === null ? null : formatBytes(size),
    dimensions === null ? null : `${formatDimensions(dimensions)} px`,
  ]
  const missing = ['type', 'size', 'dimensions'].filter((_, n) => facts[n] === null)
  return (
    <>
      {facts
        .filter((fact) => fact !== null)
        .map((fact) => (
          <span key={fact} className="min-w-0">
            {fact}
          </span>
        ))}
      {missing.length === 0 ? null : <Unknown why={`${missing.join(', ')} not reported`} />}
    </>
  )
}

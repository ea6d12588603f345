import { Link2Off, Link2 as LinkIcon } from 'lucide-react'
import { useId, useState } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import type { Share, ShareError } from '../../api/shares.ts'
import { useReading } from '../../lib/clock.ts'
import { until } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Shortened } from '../../ui/shortened.tsx'
import { LinkBox } from './link-box.tsx'
import type { LiveLinks } from './use-live-links.ts'
import { DEFAULT_CONTENT, VisibilityChoice } from './visibility-choice.tsx'

const ENDS = [
  { hours: 1, label: '1 hour' },
  { hours: 24, label: '24 hours' },
  { hours: 24 * 7, label: '7 days' },
  { hours: 24 * 30, label: '30 days' },
] as const
const USUAL_HOURS = 24

interface LivePanelProps {
  readonly origin: string
  readonly taskId: TaskId
  /** Title for the device's share sheet. */
  readonly title: string
  readonly links: LiveLinks
}

/** Creates a public link of a task, and lists the existing ones. */
export function LivePanel({ origin, taskId, title, links }: LivePanelProps) {
  const { shares, made, fault, busy } = links
  const problem = fault === null ? null : senderText(fault)
  if (problem !== null && shares === null) {
    return (
      <>
        <p role="alert" className="text-pretty">
          {problem}
        </p>
        {fault?.kind === 'unavailable' ? null : (
          <Button className="mt-3" disabled={links.loading} onClick={links.reload}>
            Retry
          </Button>
        )}
      </>
    )
  }
  return (
    <>
      <p className="text-sm text-pretty text-muted">
        Anyone with the link can follow this task live. No key needed.
      </p>
      {made === null ? (
        <LiveForm busy={busy} ready={shares !== null} onCreate={links.create} />
      ) : (
        <LinkBox
          key={made.id}
          label="Public link"
          url={`${origin}${made.url}`}
          title={title}
          copied={links.copied}
        >
          <Button look="quiet" onClick={links.another}>
            New link
          </Button>
        </LinkBox>
      )}
      <p role="alert" className="mt-2 text-sm text-pretty text-bad empty:mt-0">
        {problem}
        {/* The link may be created, or revoked: only the response is lost. */}
        {fault?.kind === 'network' ? ' Check your links before you retry.' : null}
      </p>
      <ShareList origin={origin} taskId={taskId} shares={shares ?? []} onRevoke={links.revoke} />
    </>
  )
}

interface LiveFormProps {
  readonly busy: boolean
  /** The list is there. */
  readonly ready: boolean
  readonly onCreate: LiveLinks['create']
}

function LiveForm({ busy, ready, onCreate }: LiveFormProps) {
  const [hours, setHours] = useState<number>(USUAL_HOURS)
  const [content, setContent] = useState(DEFAULT_CONTENT)
  const field = useId()
  return (
    <div className="mt-4 grid gap-4">
      <VisibilityChoice content={content} onContent={setContent} />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="flex items-center gap-3">
          <label htmlFor={field} className="text-sm">
            Expires after
          </label>
          <select
            id={field}
            value={hours}
            onChange={(event) => setHours(Number(event.target.value))}
            className="min-h-9 rounded-lg border border-line-strong bg-surface px-2 text-sm pointer-coarse:min-h-11 pointer-coarse:text-base"
          >
            {ENDS.map((end) => (
              <option key={end.hours} value={end.hours}>
                {end.label}
              </option>
            ))}
          </select>
        </div>
        <Button
          look="primary"
          disabled={busy || !ready}
          icon={LinkIcon}
          onClick={() => onCreate(hours, content)}
        >
          {busy ? 'Creating link…' : 'Create link'}
        </Button>
      </div>
    </div>
  )
}

interface ShareListProps {
  readonly origin: string
  readonly taskId: string
  readonly shares: readonly Share[]
  readonly onRevoke: (id: string) => void
}

/** The sender's public links, those of this task first. */
function ShareList({ origin, taskId, shares, onRevoke }: ShareListProps) {
  const title = useId()
  if (shares.length === 0) return null
  const own = shares.filter((share) => share.taskId === taskId)
  const others = shares.filter((share) => share.taskId !== taskId)
  return (
    <section aria-labelledby={title} className="mt-5 border-t border-line pt-4">
      <h3 id={title} className="text-sm font-medium">
        Your public links
      </h3>
      <ul className="mt-2 grid gap-1">
        {[...own, ...others].map((share) => (
          <ShareRow
            key={share.id}
            share={share}
            url={`${origin}${share.url}`}
            own={share.taskId === taskId}
            onRevoke={() => onRevoke(share.id)}
          />
        ))}
      </ul>
    </section>
  )
}

interface ShareRowProps {
  readonly share: Share
  readonly url: string
  readonly own: boolean
  readonly onRevoke: () => void
}

function ShareRow({ share, url, own, onRevoke }: ShareRowProps) {
  const ends = useReading(until, share.endsAt)
  return (
    <li className="flex items-center gap-1">
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm">
          {own ? 'This task' : <Shortened text={share.taskId} length={20} className="font-mono" />}
        </p>
        <p className="truncate text-xs text-muted">
          Expires {ends} · {contentText(share)}
        </p>
      </div>
      <CopyButton text={url} label="Copy public link" />
      <Button look="quiet" onClick={onRevoke} icon={Link2Off}>
        Revoke
      </Button>
    </li>
  )
}

function contentText({ shown, previews }: Share): string {
  const images = shown.links ? 'full files' : previews ? 'previews' : 'details'
  return shown.credits ? images : `${images}, no credits`
}

/** Meaning of an error for the sender, and what to do. */
function senderText(fault: ShareError): string {
  switch (fault.kind) {
    case 'network':
      return 'Can’t reach the Loupe server.'
    case 'unavailable':
      return 'Public links need the Loupe server. Share a snapshot instead.'
    case 'too-many':
      return 'Too many public links. Revoke one you no longer need.'
    case 'unknown':
    case 'ended':
    case 'revoked':
      return 'This link has already expired.'
    case 'refused':
      return fault.message
  }
}

import { Link2Off, Radio } from 'lucide-react'
import { useId, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Shortened } from '../../components/shortened.tsx'
import { useReading } from '../../lib/clock.ts'
import { until } from '../../lib/format.ts'
import type { Shown } from '../../polling/shown.ts'
import type { Share } from '../../upscayl/shares.ts'
import type { TaskId } from '../../upscayl/task-id.ts'
import { LinkBox } from './link-box.tsx'
import { senderWords } from './share-words.ts'
import { ShownChoice } from './shown-choice.tsx'
import type { LiveLinks } from './use-live-links.ts'

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
  readonly links: LiveLinks
}

/** Makes a live link of a task, and lists those that live. */
export function LivePanel({ origin, taskId, links }: LivePanelProps) {
  const { shares, made, fault, busy } = links
  const problem = fault === null ? null : senderWords(fault)
  if (problem !== null && shares === null) {
    return (
      <p role="alert" className="text-pretty">
        {problem}
      </p>
    )
  }
  return (
    <>
      <p className="text-pretty text-muted">
        Whoever has the link sees the task as it goes on, without a key. All who look at it cost as
        many questions as one, asked with your key; the first after the end deducts the credits.
      </p>
      {made === null ? (
        <LiveForm
          busy={busy || shares === null}
          onCreate={(hours, shown) => links.create({ taskId, hours, shown })}
        />
      ) : (
        <LinkBox
          key={made.id}
          label="Live link"
          url={`${origin}${made.url}`}
          title="A task on Loupe"
        >
          <Button look="quiet" onClick={links.another}>
            Make another
          </Button>
        </LinkBox>
      )}
      <p role="alert" className="mt-2 text-sm text-pretty text-bad empty:mt-0">
        {problem}
      </p>
      <ShareList origin={origin} taskId={taskId} shares={shares ?? []} onRevoke={links.revoke} />
    </>
  )
}

interface LiveFormProps {
  readonly busy: boolean
  readonly onCreate: (hours: number, shown: Shown) => void
}

function LiveForm({ busy, onCreate }: LiveFormProps) {
  const [hours, setHours] = useState<number>(USUAL_HOURS)
  const [credits, setCredits] = useState(true)
  const [links, setLinks] = useState(false)
  const field = useId()
  return (
    <div className="mt-4 grid gap-4">
      <div className="flex items-center justify-between gap-4">
        <label htmlFor={field}>Ends after</label>
        <select
          id={field}
          value={hours}
          onChange={(event) => setHours(Number(event.target.value))}
          className="min-h-9 rounded-lg border border-line-strong bg-surface px-2"
        >
          {ENDS.map((end) => (
            <option key={end.hours} value={end.hours}>
              {end.label}
            </option>
          ))}
        </select>
      </div>
      <ShownChoice credits={credits} onCredits={setCredits} links={links} onLinks={setLinks} />
      <Button
        look="primary"
        className="justify-self-start"
        disabled={busy}
        icon={<Radio aria-hidden size={15} />}
        onClick={() => onCreate(hours, { credits, links })}
      >
        {busy ? 'Making the link…' : 'Make live link'}
      </Button>
    </div>
  )
}

interface ShareListProps {
  readonly origin: string
  readonly taskId: string
  readonly shares: readonly Share[]
  readonly onRevoke: (id: string) => void
}

/** The sender's live links: those of this task first. */
function ShareList({ origin, taskId, shares, onRevoke }: ShareListProps) {
  const title = useId()
  if (shares.length === 0) return null
  const own = shares.filter((share) => share.taskId === taskId)
  const others = shares.filter((share) => share.taskId !== taskId)
  return (
    <section aria-labelledby={title} className="mt-5 border-t border-line pt-4">
      <h3 id={title} className="text-sm font-medium">
        Your live links
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
  const ends = useReading((now) => until(share.endsAt, now))
  const { credits, links } = share.shown
  const shows = [credits ? 'credits' : null, links ? 'files' : null].filter((it) => it !== null)
  return (
    <li className="flex items-center gap-1">
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm">
          {own ? 'This task' : <Shortened text={share.taskId} length={20} className="font-mono" />}
        </p>
        <p className="truncate text-xs text-muted">
          Ends {ends} · {shows.length === 0 ? 'status only' : `shows ${shows.join(' and ')}`}
        </p>
      </div>
      <CopyButton text={url} label="Copy live link" />
      <Button look="quiet" onClick={onRevoke} icon={<Link2Off aria-hidden size={15} />}>
        Revoke
      </Button>
    </li>
  )
}

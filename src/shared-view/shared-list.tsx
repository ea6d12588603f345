import { ChevronDown, CircleDashed } from 'lucide-react'
import { useId, useState } from 'react'
import { isTerminal, type Task } from '../../core/api/task.ts'
import type { Visibility } from '../../core/api/visibility.ts'
import { formatDateTime, formatNumber, formatPercent } from '../lib/format.ts'
import type { SnapshotTask } from '../sharing/snapshot.ts'
import { creditsText } from '../task-view/credits.tsx'
import { StatusBadge } from '../task-view/status-badge.tsx'
import { Badge } from '../ui/badge.tsx'
import { Part } from '../ui/part.tsx'
import { Shortened } from '../ui/shortened.tsx'
import { SharedTask } from './shared-task.tsx'

interface SharedListProps {
  readonly tasks: readonly SnapshotTask[]
  readonly shown: Visibility
}

/** Tasks of a snapshot, a line each. Only one can be open, so that its parts have unique names. */
export function SharedList({ tasks, shown }: SharedListProps) {
  const [open, setOpen] = useState<number | null>(null)
  return (
    <ul className="@container mt-5 divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">
      {tasks.map((seen, place) => (
        <Part
          // The same task may have been sent twice, and the places never change.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          key={place}
        >
          <Item
            seen={seen}
            shown={shown}
            open={place === open}
            onToggle={() => setOpen(place === open ? null : place)}
          />
        </Part>
      ))}
    </ul>
  )
}

interface ItemProps {
  readonly seen: SnapshotTask
  readonly shown: Visibility
  readonly open: boolean
  readonly onToggle: () => void
}

function Item({ seen, shown, open, onToggle }: ItemProps) {
  const { id, record } = seen
  const { task } = record
  const part = useId()
  const name = nameOf(task)
  return (
    <li>
      <h2>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={part}
          onClick={onToggle}
          className="grid w-full grid-cols-[minmax(0,1fr)_1rem] items-center gap-x-4 gap-y-1.5 px-4 py-3 text-left text-sm hover:bg-sunken @3xl:grid-cols-[9.5rem_minmax(0,1fr)_9rem_13rem_1rem]"
        >
          <span className="min-w-0">
            {task === null ? (
              <Badge icon={CircleDashed} ink="bg-sunken text-muted">
                Not checked yet
              </Badge>
            ) : (
              <StatusBadge task={task} />
            )}
          </span>
          <span className="min-w-0 @max-3xl:order-1 @max-3xl:col-span-2">
            <span className="block font-medium [overflow-wrap:anywhere]">
              {name === null ? (
                <Shortened text={id} length={24} className="font-mono font-normal" />
              ) : (
                <Shortened text={name} length={60} />
              )}
            </span>
            {name === null ? null : (
              <span className="block font-mono text-xs text-muted [overflow-wrap:anywhere]">
                <Shortened text={id} length={24} />
              </span>
            )}
          </span>
          <span className="contents @max-3xl:order-2 @max-3xl:col-span-2 @max-3xl:flex @max-3xl:flex-wrap @max-3xl:gap-x-4">
            <span className="text-pretty text-muted @max-3xl:empty:hidden @3xl:text-right">
              {shown.credits && task !== null ? creditsText(task, null).text : ''}
            </span>
            <span className="text-muted @3xl:text-right">{when(seen)}</span>
          </span>
          <ChevronDown
            size={16}
            className={`text-muted transition-transform @max-3xl:col-start-2 @max-3xl:row-start-1 ${open ? 'rotate-180' : ''}`}
          />
        </button>
      </h2>
      <div id={part} className={open ? 'border-t border-line bg-page p-3 sm:p-4' : 'hidden'}>
        {open ? <SharedTask seen={seen} shown={shown} /> : null}
      </div>
    </li>
  )
}

/** Name of the first file that has one, and how many more there are. */
function nameOf(task: Task | null): string | null {
  const files = task?.files ?? []
  const first = files.find(({ originalName, storedName }) => originalName ?? storedName)
  const name = first?.originalName ?? first?.storedName ?? null
  if (name === null) return null
  return files.length < 2 ? name : `${name} + ${formatNumber(files.length - 1)} more`
}

function when({ record: { task, seenAt, endSeenAt, failure } }: SnapshotTask): string {
  if (endSeenAt !== null) return `Finished ${formatDateTime(endSeenAt)}`
  const at = seenAt ?? failure?.at ?? null
  if (at === null) return ''
  if (task === null) return `Checked ${formatDateTime(at)}`
  return isTerminal(task)
    ? `Finished before ${formatDateTime(at)}`
    : `${task.progress === null ? 'Running' : `${formatPercent(task.progress)}`} on ${formatDateTime(at)}`
}

import { Columns2 } from 'lucide-react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { paths } from '../../lib/paths.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { askedComparison } from '../../task-view/asked-comparison.ts'
import { Fact } from '../../task-view/fact.tsx'
import { taskTitle } from '../../tasks/task-title.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { IconButton } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'
import { Shortened } from '../../ui/shortened.tsx'
import { settingsText, useRelatedTasks } from './use-other-runs.ts'

interface RelatedTasksProps {
  readonly apiKey: ApiKey
  readonly entry: TrackedTask
  /** It has a result that can be shown. */
  readonly canCompare: boolean
}

/** Links between a task and those that were started with its image or its result. */
export function RelatedTasks({ apiKey, entry, canCompare }: RelatedTasksProps) {
  const { before, after } = useRelatedTasks(apiKey, entry)
  const compare = (otherId: TaskId) => askedComparison.set({ taskId: entry.id, otherId })
  return <RelatedFacts before={before} after={after} onCompare={canCompare ? compare : null} />
}

interface RelatedFactsProps {
  /** The task that this one runs again; null for none, and after it was removed. */
  readonly before: TrackedTask | null
  readonly after: readonly TrackedTask[]
  /** Null where there is nothing to compare with. */
  readonly onCompare: ((id: TaskId) => void) | null
}

/** As many as are shown; the list has all of them. */
const MAX_LINKS = 3

export function RelatedFacts({ before, after, onCompare }: RelatedFactsProps) {
  if (before === null && after.length === 0) return null
  return (
    <section aria-label="Related tasks">
      <dl className="grid gap-y-2">
        {before === null ? null : (
          <Fact name="Run again from">
            <TaskLink entry={before} onCompare={onCompare} />
          </Fact>
        )}
        {after.length === 0 ? null : (
          <Fact name="Run again as">
            {after.slice(-MAX_LINKS).map((entry) => (
              <TaskLink key={entry.id} entry={entry} onCompare={onCompare} />
            ))}
            {after.length <= MAX_LINKS ? null : (
              <span className="text-muted">and {after.length - MAX_LINKS} more</span>
            )}
          </Fact>
        )}
      </dl>
    </section>
  )
}

interface TaskLinkProps extends Pick<RelatedFactsProps, 'onCompare'> {
  readonly entry: TrackedTask
}

/** The settings tell apart what has the same image. */
function TaskLink({ entry, onCompare }: TaskLinkProps) {
  const title = taskTitle(entry)
  const settings = settingsText(entry)
  return (
    <div className="flex min-h-9 items-center gap-1">
      <div className="min-w-0 flex-1">
        <Link
          to={paths.task(entry.id)}
          className="block truncate py-0.5 underline decoration-line-strong underline-offset-4"
        >
          <Shortened text={title} length={32} />
        </Link>
        {settings === '' ? null : <p className="truncate text-xs text-muted">{settings}</p>}
      </div>
      {onCompare === null || entry.record.task?.kind !== 'processed' ? null : (
        <IconButton
          icon={Columns2}
          label={`Compare with ${title}`}
          title="Compare"
          onClick={() => onCompare(entry.id)}
          className="pointer-coarse:size-11"
        />
      )}
    </div>
  )
}

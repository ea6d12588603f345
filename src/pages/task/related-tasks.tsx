import { paths } from '../../lib/paths.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { Fact } from '../../task-view/fact.tsx'
import { taskTitle } from '../../tasks/task-title.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { useTaskList } from '../../tasks/use-task-list.ts'
import { Link } from '../../ui/link.tsx'
import { Shortened } from '../../ui/shortened.tsx'

interface RelatedTasksProps {
  readonly apiKey: ApiKey
  readonly entry: TrackedTask
}

/** Links between a task and those that were started with its image or its result. */
export function RelatedTasks({ apiKey, entry }: RelatedTasksProps) {
  const { entries } = useTaskList(apiKey)
  const before = entry.earlier === null ? undefined : entries.get(entry.earlier)
  const after = [...entries.values()].filter(({ earlier }) => earlier === entry.id)
  return <RelatedFacts before={before ?? null} after={after} />
}

interface RelatedFactsProps {
  /** The task that this one runs again; null for none, and after it was removed. */
  readonly before: TrackedTask | null
  readonly after: readonly TrackedTask[]
}

/** As many as are shown; the list has all of them. */
const MAX_LINKS = 3

export function RelatedFacts({ before, after }: RelatedFactsProps) {
  if (before === null && after.length === 0) return null
  return (
    <section aria-label="Related tasks">
      <dl className="grid gap-y-2">
        {before === null ? null : (
          <Fact name="Run again from">
            <TaskLink entry={before} />
          </Fact>
        )}
        {after.length === 0 ? null : (
          <Fact name="Run again as">
            {after.slice(-MAX_LINKS).map((entry) => (
              <TaskLink key={entry.id} entry={entry} />
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

function TaskLink({ entry }: { readonly entry: TrackedTask }) {
  return (
    <Link
      to={paths.task(entry.id)}
      className="block truncate py-0.5 underline decoration-line-strong underline-offset-4"
    >
      <Shortened text={taskTitle(entry)} length={32} />
    </Link>
  )
}

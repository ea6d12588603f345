import { formatNumber, plural } from '../../lib/format.ts'
import type { Snapshot } from '../../snapshot/snapshot.ts'
import { TaskHeading } from '../task/task-layout.tsx'
import { AsSeen } from './as-seen.tsx'
import { SharedList } from './shared-list.tsx'
import { SharedTask } from './shared-task.tsx'

/** What a snapshot shows: to whoever opens it, and before that to whoever sends it. */
export function SnapshotScreen({ snapshot }: { readonly snapshot: Snapshot }) {
  const { at, tasks, leftOut, shown } = snapshot
  const [only] = tasks
  const one = tasks.length === 1 && only !== undefined ? only : null
  return (
    <>
      {one === null ? (
        <h1 className="text-xl font-semibold tracking-tight">{plural(tasks.length, 'task')}</h1>
      ) : (
        <TaskHeading taskId={one.id} />
      )}
      <AsSeen at={one?.record.seenAt ?? at}>
        {leftOut === 0 ? null : (
          <p className="mt-1">
            {formatNumber(leftOut)} more {leftOut === 1 ? 'task was' : 'tasks were'} left out, as
            the link would have been too long.
          </p>
        )}
        {one !== null || shown.credits ? null : (
          <p className="mt-1">The sender left the credits out.</p>
        )}
      </AsSeen>
      {one === null ? (
        <SharedList tasks={tasks} shown={shown} />
      ) : (
        <div className="mt-5">
          <SharedTask seen={one} shown={shown} />
        </div>
      )}
    </>
  )
}

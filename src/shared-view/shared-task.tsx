import { isTerminal } from '../../core/api/task.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import type { Visibility } from '../../core/api/visibility.ts'
import { formatDateTime, formatFiles } from '../lib/format.ts'
import { paths } from '../lib/paths.ts'
import type { SnapshotTask } from '../sharing/snapshot.ts'
import { withPreviews } from '../sharing/with-previews.ts'
import { errorText } from '../task-view/error-text.ts'
import { RecordCredits } from '../task-view/record-credits.tsx'
import { isSeen, type SeenRecord, STILL, TaskSections } from '../task-view/task-sections.tsx'
import { taskTitle } from '../tasks/task-title.ts'
import { Link } from '../ui/link.tsx'
import { Notice } from '../ui/notice.tsx'
import { hidesOneFile, NotShared } from './shared-parts.tsx'

interface SharedTaskProps {
  readonly seen: SnapshotTask
  readonly shown: Visibility
}

/** One task of a snapshot, as it was. */
export function SharedTask({ seen, shown }: SharedTaskProps) {
  const { id, filesLeftOut, thumb } = seen
  const record = withPreviews(seen.record, [thumb])
  if (!isSeen(record)) {
    return (
      <Notice
        tone="info"
        title="No status yet"
        action={
          <p className="text-sm">
            <LiveLink id={id} />
          </p>
        }
      >
        <p>
          {record.failure === null
            ? 'Not checked when shared.'
            : `${errorText(record.failure.error).title} on ${formatDateTime(record.failure.at)}.`}
        </p>
      </Notice>
    )
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      <TaskSections
        {...STILL}
        taskId={id}
        title={taskTitle({ id, record })}
        image={thumb === null ? null : { url: thumb, dimensions: null }}
        record={record}
        foot={
          <>
            <p className="mr-auto min-w-0 max-sm:basis-full">{statusText(record)}</p>
            <LiveLink id={id} />
          </>
        }
        credits={<RecordCredits record={record} confirming={null} shown={shown.credits} stated />}
        actions={hidesOneFile(record, shown) ? <NotShared /> : null}
        source={shown.links ? 'shared' : 'withheld'}
        renewLink={null}
        refetch={null}
      />
      {filesLeftOut === 0 ? null : (
        <p className="text-sm text-muted">
          {formatFiles(filesLeftOut)} more didn’t fit into the link.
        </p>
      )}
    </div>
  )
}

function statusText({ task, failure }: SeenRecord): string {
  if (failure !== null) {
    return `Last check on ${formatDateTime(failure.at)}: ${errorText(failure.error).title}.`
  }
  return isTerminal(task) ? 'Final.' : 'May have changed since.'
}

/** For viewers who also have the account's key. */
function LiveLink({ id }: { readonly id: TaskId }) {
  return (
    <Link
      to={paths.task(id)}
      className="inline-flex min-h-7 items-center text-accent underline underline-offset-4"
    >
      Open live (key needed)
    </Link>
  )
}

import { Link } from 'react-router'
import { Notice } from '../../components/notice.tsx'
import { formatDateTime, formatFiles } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import type { Shown } from '../../polling/shown.ts'
import type { TaskRecord } from '../../polling/task-record.ts'
import type { SnapshotTask } from '../../snapshot/snapshot.ts'
import { errorWords } from '../../task-view/error-words.ts'
import { isTerminal } from '../../upscayl/task.ts'
import type { TaskId } from '../../upscayl/task-id.ts'
import { isSeen, type SeenRecord, STILL, TaskSections } from '../task/task-sections.tsx'
import { SharedCredits } from './shared-credits.tsx'

interface SharedTaskProps {
  readonly seen: SnapshotTask
  readonly shown: Shown
}

/** One task of a snapshot, as it was. */
export function SharedTask({ seen: { id, record, filesLeftOut }, shown }: SharedTaskProps) {
  if (!isSeen(record)) return <NeverSeen id={id} failure={record.failure} />
  return (
    <div className="grid grid-cols-1 gap-4">
      <TaskSections
        {...STILL}
        taskId={id}
        record={record}
        foot={
          <>
            <p className="mr-auto min-w-0 max-sm:basis-full">{standing(record)}</p>
            <LiveLink id={id} />
          </>
        }
        credits={<SharedCredits record={record} shown={shown} stated />}
        source={shown.links ? 'shared' : 'withheld'}
        fresh={null}
        renew={null}
      />
      {filesLeftOut === 0 ? null : (
        <p className="text-sm text-muted">
          {formatFiles(filesLeftOut)} more {filesLeftOut === 1 ? 'was' : 'were'} left out, as the
          link would have been too long.
        </p>
      )}
    </div>
  )
}

function standing({ task, failure }: SeenRecord): string {
  if (failure !== null) {
    return `Asked again on ${formatDateTime(failure.at)}, without an answer. ${errorWords(failure.error).title}.`
  }
  return isTerminal(task)
    ? 'It had ended: its status will not change any more.'
    : 'It was still running then. How it stands now, only a new question tells.'
}

/** For those who have the account's key too. */
function LiveLink({ id }: { readonly id: TaskId }) {
  return (
    <Link
      to={paths.task(id)}
      className="inline-flex min-h-7 items-center text-accent underline underline-offset-4"
    >
      See it live, with the account’s key
    </Link>
  )
}

interface NeverSeenProps {
  readonly id: TaskId
  readonly failure: TaskRecord['failure']
}

function NeverSeen({ id, failure }: NeverSeenProps) {
  return (
    <Notice
      tone="info"
      title="Nothing was known of this task yet"
      action={
        <p className="mt-3 text-sm">
          <LiveLink id={id} />
        </p>
      }
    >
      <p>
        {failure === null
          ? 'The sender had not asked for it when this was sent.'
          : `The sender had asked for it on ${formatDateTime(failure.at)}, without an answer. ${errorWords(failure.error).title}.`}
      </p>
    </Notice>
  )
}

import { Radio } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { isDoubted, isSettled } from '../../../core/record/task-record.ts'
import { useReading } from '../../lib/clock.ts'
import { until } from '../../lib/format.ts'
import { Banner } from '../../shared-view/banner.tsx'
import { hidesOneFile, NotShared, SharedHeading } from '../../shared-view/shared-parts.tsx'
import type { LiveView } from '../../shared-view/use-live-view.ts'
import type { LiveViewState, SharedTask } from '../../sharing/live-view.ts'
import { withPreviews } from '../../sharing/with-previews.ts'
import { Milestones, tabTitle } from '../../task-view/milestones.tsx'
import { RecordCredits } from '../../task-view/record-credits.tsx'
import { isSeen, loadSections, STILL, TaskSections } from '../../task-view/task-sections.tsx'
import { TaskSkeleton } from '../../task-view/task-skeleton.tsx'
import { taskTitle } from '../../tasks/task-title.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { FAILURE_WORDS, FAULT_WORDS } from './live-text.ts'

/** Content of a live link, or the reason why there is none. */
export function LiveScreen({ viewing, previews, looking, look }: LiveView) {
  const { seen, fault } = viewing
  useEffect(() => void loadSections(), [])
  const words = fault && FAULT_WORDS[fault.kind]
  const notice = words && (
    <Notice tone="warn" title={words.title}>
      <p>{words.means}</p>
      {seen === null ? null : <p className="mt-1">Showing the last known state.</p>}
    </Notice>
  )
  if (seen === null) {
    return (
      <div className="grid grid-cols-1 gap-4">
        <title>Shared task · Loupe</title>
        <h1 className="text-xl font-semibold tracking-tight">Shared task</h1>
        {notice ?? <TaskSkeleton />}
      </div>
    )
  }
  const title = taskTitle({ id: seen.taskId, record: seen.record })
  return (
    <div className="grid grid-cols-1 gap-4">
      <title>{tabTitle(seen.record, title)}</title>
      <Milestones record={seen.record} credits={seen.shown.credits} />
      <div>
        <LiveLine seen={seen} />
        {notice && <div className="mb-4">{notice}</div>}
        <SharedHeading task={{ id: seen.taskId, record: seen.record }} />
      </div>
      <Seen
        viewing={viewing}
        seen={{ ...seen, record: withPreviews(seen.record, previews) }}
        title={title}
        image={previews[0] ?? null}
        again={
          <Button onClick={look} disabled={looking}>
            Reload
          </Button>
        }
      />
    </div>
  )
}

/** Kind of page, in one line. */
function LiveLine({ seen: { endsAt } }: { readonly seen: SharedTask }) {
  return (
    <Banner icon={Radio} ink="text-accent">
      <p>
        <span className="text-ink">Shared with you · Live.</span> Link expires{' '}
        {useReading(until, endsAt)}.
      </p>
    </Banner>
  )
}

interface SeenProps {
  readonly viewing: LiveViewState
  readonly seen: SharedTask
  readonly title: string
  /** Small image of the task; null for none. */
  readonly image: string | null
  /** Button to update where that does not happen automatically. */
  readonly again: ReactNode
}

function Seen({ viewing, seen, title, image, again }: SeenProps) {
  const { record, shown, taskId } = seen
  const { failure } = record
  const words = failure === null || isDoubted(record) ? null : FAILURE_WORDS[failure.error.kind]
  const stopped = viewing.fault === null && viewing.dueAt === null && !isOver(seen)
  if (!isSeen(record)) {
    return words === null ? (
      <TaskSkeleton />
    ) : (
      <Notice tone="warn" title={words.title} action={stopped ? again : null}>
        <p>{words.means}</p>
      </Notice>
    )
  }
  return (
    <TaskSections
      taskId={taskId}
      title={title}
      image={image === null ? null : { url: image, dimensions: null }}
      record={record}
      {...STILL}
      actions={hidesOneFile(record, shown) ? <NotShared /> : null}
      source={shown.links ? 'shared' : 'withheld'}
      foot={
        <>
          <p className="mr-auto min-w-0">
            {words !== null ? (
              `${words.title}. ${words.means}`
            ) : viewing.dueAt !== null ? (
              <NextLook at={viewing.dueAt} />
            ) : stopped ? (
              'Checks stopped'
            ) : (
              'Final result'
            )}
          </p>
          {stopped ? again : null}
        </>
      }
      credits={<RecordCredits record={record} confirming={null} shown={shown.credits} />}
      renewLink={null}
      refetch={null}
    />
  )
}

/** Whether nothing more can change for this viewer; withheld credits don't count. */
const isOver = ({ record, shown }: SharedTask): boolean =>
  isSettled(record) || (!shown.credits && record.task?.kind === 'processed' && !record.filesPending)

function NextLook({ at }: { readonly at: number }) {
  return `Updates ${useReading(until, at)}`
}

import { Radio } from 'lucide-react'
import { type ReactNode, useCallback, useEffect } from 'react'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { useReading } from '../../lib/clock.ts'
import { until } from '../../lib/format.ts'
import { isDoubted, isSettled } from '../../polling/task-record.ts'
import type { Watching } from '../../polling/use-shared-task.ts'
import type { SharedTask, Viewing } from '../../polling/viewing.ts'
import { TaskSkeleton } from '../../task-view/task-skeleton.tsx'
import { isTerminal } from '../../upscayl/task.ts'
import { Milestones } from '../task/milestones.tsx'
import { TaskHeading } from '../task/task-layout.tsx'
import { isSeen, loadSections, STILL, TaskSections } from '../task/task-sections.tsx'
import { taskTitle } from '../task/task-title.ts'
import { Banner } from './banner.tsx'
import { FAULT_WORDS, failureWords } from './live-words.ts'
import { SharedCredits } from './shared-credits.tsx'

/** Draws what a live link shows, or why it shows nothing. */
export function LiveScreen({ viewing, looking, look }: Watching) {
  const { seen, fault } = viewing
  useEffect(() => void loadSections(), [])
  const notice = fault === null ? null : <FaultNotice fault={fault} kept={seen !== null} />
  if (seen === null) {
    return (
      <div className="grid grid-cols-1 gap-4">
        <title>Shared task · Loupe</title>
        <h1 className="text-xl font-semibold tracking-tight">Shared task</h1>
        {notice ?? <TaskSkeleton />}
      </div>
    )
  }
  return (
    <div className="grid grid-cols-1 gap-4">
      <title>{taskTitle(seen.record)}</title>
      <Milestones record={seen.record} credits={seen.shown.credits} />
      <div>
        <TaskHeading taskId={seen.taskId} />
        <LiveLine seen={seen} />
      </div>
      {notice}
      <Seen
        viewing={viewing}
        seen={seen}
        again={
          <Button onClick={look} disabled={looking}>
            Check again
          </Button>
        }
      />
    </div>
  )
}

interface FaultNoticeProps {
  readonly fault: NonNullable<Viewing['fault']>
  /** What was seen before is still on the page. */
  readonly kept: boolean
}

function FaultNotice({ fault, kept }: FaultNoticeProps) {
  const { title, means } = FAULT_WORDS[fault.kind]
  return (
    <Notice tone="warn" title={title}>
      <p>{means}</p>
      {kept ? <p className="mt-1">Below is what was seen last.</p> : null}
    </Notice>
  )
}

/** What kind of page this is, in one line. */
function LiveLine({ seen: { endsAt, record } }: { readonly seen: SharedTask }) {
  const ends = useReading(useCallback((now: number) => until(endsAt, now), [endsAt]))
  const over = record.task !== null && isTerminal(record.task)
  return (
    <Banner icon={<Radio aria-hidden size={16} className="mt-0.5 shrink-0 text-accent" />}>
      <p>
        <span className="text-ink">Live, and shared with you.</span>{' '}
        {over ? 'The task has ended.' : 'This page follows the task by itself.'} The link ends{' '}
        {ends}.
      </p>
    </Banner>
  )
}

interface SeenProps {
  readonly viewing: Viewing
  readonly seen: SharedTask
  /** The way to look again, where nothing does it by itself. */
  readonly again: ReactNode
}

function Seen({ viewing, seen, again }: SeenProps) {
  const { record, shown, taskId } = seen
  const { failure } = record
  const words = failure === null || isDoubted(record) ? null : failureWords(failure.error)
  const stopped = viewing.fault === null && viewing.dueAt === null && !isOver(seen)
  if (!isSeen(record)) {
    return words === null ? (
      <TaskSkeleton />
    ) : (
      <Notice
        tone="warn"
        title={words.title}
        action={stopped ? <div className="mt-3">{again}</div> : null}
      >
        <p>{words.means}</p>
      </Notice>
    )
  }
  return (
    <TaskSections
      taskId={taskId}
      record={record}
      {...STILL}
      source={shown.links ? 'shared' : 'withheld'}
      foot={
        <>
          <p className="mr-auto min-w-0">
            {words !== null ? (
              `${words.title}. ${words.means}`
            ) : viewing.dueAt !== null ? (
              <NextLook at={viewing.dueAt} />
            ) : stopped ? (
              'Automatic checks stopped.'
            ) : (
              'All is known; nothing more is asked.'
            )}
          </p>
          {stopped ? again : null}
        </>
      }
      credits={<SharedCredits record={record} shown={shown} stated={false} />}
      fresh={null}
      renew={null}
    />
  )
}

/** Whether nothing is left to be seen; of withheld credits nothing is. */
const isOver = ({ record, shown }: SharedTask): boolean =>
  isSettled(record) || (!shown.credits && record.task?.kind === 'processed' && !record.filesPending)

function NextLook({ at }: { readonly at: number }) {
  const next = useReading(useCallback((now: number) => until(at, now), [at]))
  return `Looks again ${next}`
}

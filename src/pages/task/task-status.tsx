import type { ReactNode } from 'react'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import type { Oddity } from '../../polling/task-record.ts'
import type { Following } from '../../polling/use-task-status.ts'
import { Credits } from '../../task-view/credits.tsx'
import { ErrorLine, ErrorPanel } from '../../task-view/error-panel.tsx'
import { Files } from '../../task-view/files.tsx'
import { SettingsList } from '../../task-view/settings-list.tsx'
import { StatusPanel } from '../../task-view/status-panel.tsx'
import { TaskSkeleton } from '../../task-view/task-skeleton.tsx'
import { type ApiErrorKind, ERROR_RULES } from '../../upscayl/errors.ts'
import { isSettled, type Task } from '../../upscayl/task.ts'
import { AllowanceButton } from '../allowance/allowance-button.tsx'
import { Milestones } from './milestones.tsx'
import { AskNow, NextQuestion } from './next-question.tsx'
import { taskTitle } from './task-title.ts'
import { useForecast } from './use-forecast.ts'

interface TaskStatusProps {
  readonly taskId: string
  readonly following: Following
  readonly onForgetKey: () => void
}

/** Draws a task that is followed: what was last seen stays, whatever later questions bring. */
export function TaskStatus({ taskId, following, onForgetKey }: TaskStatusProps) {
  const { record, next, asking, offline, allowance, askNow } = following
  const { task, seenAt, failure } = record
  const stopped = failure !== null && ERROR_RULES[failure.error.kind].next === 'stop'
  const seen = task !== null && seenAt !== null
  return (
    <div className="grid grid-cols-1 gap-4">
      <title>{taskTitle(record)}</title>
      <Milestones record={record} />
      {failure !== null && (stopped || !seen) ? (
        <ErrorPanel
          error={failure.error}
          resumesAt={next?.kind === 'ask' ? next.at : null}
          action={
            <ErrorActions kind={failure.error.kind} onForgetKey={onForgetKey}>
              <AskNow allowance={allowance} asking={asking} onAsk={askNow} />
            </ErrorActions>
          }
        />
      ) : null}
      {seen ? <Seen taskId={taskId} following={following} task={task} seenAt={seenAt} /> : null}
      {seen || failure !== null ? null : offline ? <OfflineNotice /> : <TaskSkeleton />}
    </div>
  )
}

function OfflineNotice() {
  return (
    <Notice tone="info" title="You are offline">
      <p>Loupe asks as soon as the network is back. Nothing was asked yet, and nothing is lost.</p>
    </Notice>
  )
}

interface ErrorActionsProps {
  readonly kind: ApiErrorKind
  readonly onForgetKey: () => void
  readonly children: ReactNode
}

/** While the allowance is used up there is nothing to do but wait. */
function ErrorActions({ kind, onForgetKey, children }: ErrorActionsProps) {
  if (kind === 'limited') return null
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {children}
      {kind === 'key' ? <Button onClick={onForgetKey}>Use another key</Button> : null}
    </div>
  )
}

const ODD = {
  'amount-changed': 'A later answer names another amount than the first.',
  'flag-went-back': 'A later answer says that nothing was deducted. Check your account at Upscayl.',
  'charged-though-failed': 'The task failed, and was charged all the same. Ask Upscayl about it.',
} as const satisfies Record<Oddity, string>

interface SeenProps {
  readonly taskId: string
  readonly following: Following
  readonly task: Task
  readonly seenAt: number
}

function Seen({ taskId, following, task, seenAt }: SeenProps) {
  const { record, next, asking, offline, paused, allowance, askNow } = following
  const { failure } = record
  const { estimate, remaining, stalledFor } = useForecast(record)
  return (
    <>
      <StatusPanel
        task={task}
        seenAt={seenAt}
        watchedSince={record.firstAskedAt ?? seenAt}
        endSeenAt={record.endSeenAt}
        wentBackFrom={record.wentBackFrom}
        estimate={estimate}
        remaining={remaining}
        stalledFor={stalledFor}
      >
        <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line pt-3 text-sm text-muted">
          <div className="mr-auto min-w-0 max-sm:basis-full">
            {failure !== null && next?.kind === 'ask' && !asking ? (
              <ErrorLine error={failure.error} resumesAt={next.at} />
            ) : (
              <NextQuestion next={next} asking={asking} offline={offline} paused={paused} />
            )}
          </div>
          <span className="-ml-3 max-sm:mr-auto sm:ml-0">
            <AllowanceButton asking={following} />
          </span>
          {isSettled(task) ? null : <AskNow allowance={allowance} asking={asking} onAsk={askNow} />}
        </div>
      </StatusPanel>
      <div className="grid gap-4 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <Credits
          task={task}
          confirming={next !== null && next.kind !== 'never'}
          question={record.receipt.question}
          odd={record.receipt.odd.map((oddity) => ODD[oddity])}
        />
        <SettingsList settings={task.settings} />
      </div>
      <div className="mt-4">
        <Files
          taskId={taskId}
          task={task}
          clockSkew={record.clockSkew}
          askedAt={record.seenAskedAt ?? seenAt}
          fresh={
            <AskNow allowance={allowance} asking={asking} onAsk={askNow}>
              Get a fresh link
            </AskNow>
          }
        />
      </div>
    </>
  )
}

import { type ReactNode, useEffect } from 'react'
import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { formatCredits } from '../../lib/format.ts'
import { isDoubted, isRefused, isSettled } from '../../polling/task-record.ts'
import type { Following } from '../../polling/use-task-status.ts'
import { Credits } from '../../task-view/credits.tsx'
import { ErrorLine, ErrorPanel } from '../../task-view/error-panel.tsx'
import { errorWords } from '../../task-view/error-words.ts'
import { TaskSkeleton } from '../../task-view/task-skeleton.tsx'
import type { ApiError, ApiErrorKind } from '../../upscayl/errors.ts'
import { AllowanceButton } from '../allowance/allowance-button.tsx'
import { ODDITY_WORDS } from '../oddity-words.ts'
import { Milestones } from './milestones.tsx'
import { AskNow, NextQuestion } from './next-question.tsx'
import { isSeen, loadSections, type SeenRecord, TaskSections } from './task-sections.tsx'
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
  const { startedAt, failure } = record
  const seen = isSeen(record)
  // A doubt that is not asked about any more is the last word, too.
  const doubted = isDoubted(record) && next?.kind !== 'never'
  const stopped = isRefused(record) || (isDoubted(record) && !doubted)
  useEffect(() => void loadSections(), [])
  return (
    <div className="grid grid-cols-1 gap-4">
      <title>{taskTitle(record)}</title>
      <Milestones record={record} />
      {failure !== null && (stopped || !seen) && !doubted && !offline ? (
        <ErrorPanel
          error={failure.error}
          answered={seen}
          resumesAt={next?.kind === 'ask' ? next.at : null}
          action={
            <ErrorActions kind={failure.error.kind} onForgetKey={onForgetKey}>
              <AskNow allowance={allowance} asking={asking} onAsk={askNow} />
            </ErrorActions>
          }
        />
      ) : null}
      {seen ? <Seen taskId={taskId} following={following} record={record} /> : null}
      {seen || (failure !== null && !doubted && !offline) ? null : offline ? (
        <OfflineNotice>
          <AskNow allowance={allowance} asking={asking} onAsk={askNow} />
        </OfflineNotice>
      ) : startedAt === null || asking ? (
        <TaskSkeleton />
      ) : (
        <TaskSkeleton>
          <Begun {...following} />
        </TaskSkeleton>
      )}
    </div>
  )
}

/** A task that was started from here is first asked when it may be over. */
function Begun({ record: { announced, failure }, ...asking }: Following) {
  const credits = announced === null ? '' : ` · ${formatCredits(announced)} will be deducted`
  return (
    <>
      Started{credits} · {failure === null ? '' : `${notYet(failure.error)} · `}
      <NextQuestion {...asking} />
    </>
  )
}

/** Why the first question of a task that was just started was not answered yet. */
const notYet = (error: ApiError): string =>
  error.kind === 'missing' ? 'Upscayl doesn’t list it yet' : errorWords(error).title

function OfflineNotice({ children }: { readonly children: ReactNode }) {
  return (
    <Notice tone="info" title="You’re offline" action={<div className="mt-3">{children}</div>}>
      <p>Checks resume when you reconnect. Your task keeps running.</p>
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

interface SeenProps {
  readonly taskId: string
  readonly following: Following
  readonly record: SeenRecord
}

function Seen({ taskId, following, record }: SeenProps) {
  const { next, asking, offline, paused, allowance, askNow, renew } = following
  const { task, startedAt, announced, seenAt, failure, receipt } = record
  return (
    <TaskSections
      {...useForecast(record)}
      taskId={taskId}
      record={record}
      watched={{
        from: startedAt === null ? 'question' : 'start',
        since: startedAt ?? record.firstAskedAt ?? seenAt,
        until: record.endSeenAt,
      }}
      source="asked"
      foot={
        <>
          <div className="mr-auto min-w-0 max-sm:basis-full">
            {failure !== null && next?.kind === 'ask' && !asking && !offline ? (
              <ErrorLine error={failure.error} resumesAt={next.at} doubted={isDoubted(record)} />
            ) : (
              <NextQuestion next={next} asking={asking} offline={offline} paused={paused} />
            )}
          </div>
          <span className="-ml-3 max-sm:mr-auto sm:ml-0">
            <AllowanceButton asking={following} />
          </span>
          {isSettled(record) ? null : (
            <AskNow allowance={allowance} asking={asking} onAsk={askNow} />
          )}
        </>
      }
      credits={
        <Credits
          task={task}
          announced={announced}
          confirming={next !== null && next.kind !== 'never'}
          question={receipt.question}
          odd={receipt.odd.map((oddity) => ODDITY_WORDS[oddity])}
        />
      }
      renew={renew}
      fresh={
        <AskNow allowance={allowance} asking={asking} onAsk={askNow}>
          Get a fresh link
        </AskNow>
      }
    />
  )
}

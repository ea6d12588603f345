import { type ReactNode, useEffect, useState } from 'react'
import type { ApiError } from '../../../core/api/errors.ts'
import { isTerminal } from '../../../core/api/task.ts'
import type { TaskId } from '../../../core/api/task-id.ts'
import { isDoubted, isRefused, isSettled } from '../../../core/record/task-record.ts'
import { useOriginalFile } from '../../downloads/originals.ts'
import { now } from '../../lib/clock.ts'
import { formatCredits } from '../../lib/format.ts'
import { ErrorLine, ErrorPanel } from '../../task-view/error-panel.tsx'
import { errorText } from '../../task-view/error-text.ts'
import { Milestones, tabTitle } from '../../task-view/milestones.tsx'
import { RecordCredits } from '../../task-view/record-credits.tsx'
import type { RenderViewer } from '../../task-view/results.tsx'
import type { SourceImage } from '../../task-view/source-image.ts'
import { statusLabel } from '../../task-view/status-badge.tsx'
import { TaskLayout } from '../../task-view/task-layout.tsx'
import {
  isSeen,
  loadSections,
  type SeenRecord,
  TaskSections,
} from '../../task-view/task-sections.tsx'
import { TaskSkeleton } from '../../task-view/task-skeleton.tsx'
import { useForecast } from '../../task-view/use-forecast.ts'
import { taskTitle } from '../../tasks/task-title.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import type { FollowedTask } from '../../tasks/use-task.ts'
import { Button } from '../../ui/button.tsx'
import { deferred } from '../../ui/deferred.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Part } from '../../ui/part.tsx'
import { useObjectUrl } from '../../viewer/use-object-url.ts'
import { CheckNow, isHeld, NextCheck } from './next-check.tsx'

const RunAgain = deferred(async () => (await import('./run-again.tsx')).RunAgain)
const TellMe = deferred(async () => (await import('./tell-me.tsx')).TellMe)
const EndNotice = deferred(async () => (await import('./tell-me.tsx')).EndNotice)
const FolderChoice = deferred(
  async () => (await import('../../task-view/folder-choice.tsx')).FolderChoice,
)

interface TaskStatusProps {
  readonly taskId: TaskId
  readonly following: FollowedTask
  /** Its entry in this browser's list; null before it is read. */
  readonly entry: TrackedTask | null
  readonly onReplaceKey: () => void
  /** How long tasks usually take. */
  readonly usual: ReactNode
  /** Labels and note of a task of the list. */
  readonly annotation: ReactNode
  /** Actions on the whole task. */
  readonly actions: ReactNode
  readonly renderViewer?: RenderViewer | undefined
}

/** A followed task: the last known state stays, whatever later checks bring. */
export function TaskStatus(props: TaskStatusProps) {
  const { taskId, following, entry, onReplaceKey, actions } = props
  const { record, next, fetching, offline } = following
  const { startedAt, failure } = record
  const seen = isSeen(record)
  // A doubtful result that is no longer double-checked is final, too.
  const doubted = isDoubted(record) && next?.kind !== 'never'
  const stopped = isRefused(record) || (isDoubted(record) && !doubted)
  const checkButton = <CheckNow {...following} />
  const title = taskTitle({ id: taskId, record, source: entry?.source ?? null })
  const image = useSourceImage(taskId, entry)
  useEffect(() => void loadSections(), [])
  return (
    <TaskLayout title={title} actions={actions}>
      <title>{tabTitle(record, title)}</title>
      <Part failed={() => null}>
        <Milestones record={record} />
      </Part>
      <div className="grid grid-cols-1 gap-4">
        {failure !== null && (stopped || !seen) && !doubted && !offline ? (
          <Part>
            <ErrorPanel
              error={failure.error}
              wasFound={seen}
              resumesAt={next?.kind === 'ask' ? next.at : null}
              // While the quota is used up there is nothing to do but wait.
              action={
                failure.error.kind === 'limited' ? null : (
                  <>
                    {checkButton}
                    {failure.error.kind === 'key' ? (
                      <Button onClick={onReplaceKey}>Replace key…</Button>
                    ) : null}
                  </>
                )
              }
            />
          </Part>
        ) : null}
        {seen ? <Seen {...props} title={title} image={image} record={record} /> : null}
        {seen || (failure !== null && !doubted && !offline) ? null : offline ? (
          <Notice tone="info" title="You’re offline" action={checkButton}>
            <p>Checks resume when you reconnect. Your task keeps running.</p>
          </Notice>
        ) : startedAt !== null && !fetching ? (
          <TaskSkeleton image={image}>
            <JustStarted {...following} />
          </TaskSkeleton>
        ) : isHeld(following) ? (
          <TaskSkeleton image={image}>
            <div className="flex flex-wrap items-center justify-between gap-2">
              <p>
                <NextCheck {...following} />
              </p>
              <CheckNow {...following} look="quiet" />
            </div>
          </TaskSkeleton>
        ) : (
          <TaskSkeleton image={image} />
        )}
      </div>
    </TaskLayout>
  )
}

/** The image that the task was started with: the file itself where it is at hand, else its thumbnail. */
function useSourceImage(taskId: TaskId, entry: TrackedTask | null): SourceImage | null {
  const original = useObjectUrl(useOriginalFile(taskId))
  const source = entry?.source ?? null
  const url = original ?? source?.thumb ?? null
  if (url === null) return null
  const { width = null, height = null } = source ?? {}
  return { url, dimensions: width === null || height === null ? null : { width, height } }
}

/** A task started from here is first checked when it may be finished. */
function JustStarted({ record: { quotedCredits, failure }, ...following }: FollowedTask) {
  const credits = quotedCredits === null ? '' : ` · ${formatCredits(quotedCredits)} expected`
  return (
    <>
      Started{credits} · {failure === null ? '' : `${notYet(failure.error)} · `}
      <NextCheck {...following} />
    </>
  )
}

/** Reason why the first check of a just started task has failed so far. */
const notYet = (error: ApiError): string =>
  error.kind === 'missing' ? 'Not listed by Upscayl yet' : errorText(error).title

interface SeenProps extends TaskStatusProps {
  readonly title: string
  readonly image: SourceImage | null
  readonly record: SeenRecord
}

function Seen({ taskId, following, entry, title, image, record, ...props }: SeenProps) {
  const { usual, annotation, renderViewer } = props
  const { next, fetching, offline, refetch } = following
  const { task, startedAt, seenAt, endSeenAt, failure } = record
  const [openedAt] = useState(now)
  const justEnded = endSeenAt !== null && endSeenAt >= openedAt
  return (
    <>
      {justEnded && isTerminal(task) ? (
        <EndNotice taskId={taskId} title={title} status={statusLabel(task)} />
      ) : null}
      <TaskSections
        {...useForecast(record)}
        taskId={taskId}
        record={record}
        title={title}
        image={image}
        usual={usual}
        annotation={annotation}
        renderViewer={renderViewer}
        justEnded={justEnded}
        watched={{
          from: startedAt === null ? 'check' : 'start',
          since: startedAt ?? record.firstRequestedAt ?? seenAt,
          until: endSeenAt,
        }}
        source="own"
        foot={
          <>
            <div className="mr-auto min-w-0 py-1.5">
              {failure !== null && next?.kind === 'ask' && !fetching && !offline ? (
                <ErrorLine error={failure.error} resumesAt={next.at} doubted={isDoubted(record)} />
              ) : (
                <NextCheck {...following} />
              )}
            </div>
            {isSettled(record) ? null : <CheckNow {...following} look="quiet" />}
          </>
        }
        credits={
          <RecordCredits record={record} confirming={next !== null && next.kind !== 'never'} />
        }
        actions={
          <div className="flex flex-wrap gap-2">
            {isTerminal(task) ? (
              <RunAgain
                taskId={taskId}
                record={record}
                source={entry?.source ?? null}
                settings={task.settings}
                main={task.kind === 'failed'}
              />
            ) : (
              <>
                <TellMe />
                <FolderChoice />
              </>
            )}
          </div>
        }
        refetch={refetch}
        renewLink={
          <CheckNow {...following} look="primary">
            Get a new link
          </CheckNow>
        }
      />
    </>
  )
}

import { RefreshCw } from 'lucide-react'
import { Button } from '../../components/button.tsx'
import { nextQuestion } from '../../polling/policy.ts'
import type { TaskRecord } from '../../polling/task-record.ts'
import { useTaskStatus } from '../../polling/use-task-status.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { forgetKey } from '../../session/session.ts'
import { Credits } from '../../task-view/credits.tsx'
import { ErrorPanel } from '../../task-view/error-panel.tsx'
import { FileGrid } from '../../task-view/file-grid.tsx'
import { SettingsList } from '../../task-view/settings-list.tsx'
import { StatusPanel } from '../../task-view/status-panel.tsx'
import { TaskSkeleton } from '../../task-view/task-skeleton.tsx'
import type { ApiErrorKind } from '../../upscayl/errors.ts'
import type { Task } from '../../upscayl/task.ts'
import type { TaskId } from '../../upscayl/task-id.ts'
import { Milestones } from './milestones.tsx'
import { NextQuestion } from './next-question.tsx'
import { taskTitle } from './task-title.ts'

interface TaskStatusProps {
  readonly apiKey: ApiKey
  readonly taskId: TaskId
}

/** Follows a task and draws it: what was last seen stays, whatever later questions bring. */
export function TaskStatus({ apiKey, taskId }: TaskStatusProps) {
  const { data: record, isFetching, fetchStatus, refetch } = useTaskStatus(apiKey, taskId)
  const offline = fetchStatus === 'paused'
  // A question under way is never cancelled for another: it may have had its effect.
  const askNow = () => void refetch({ cancelRefetch: false })

  return (
    <div className="grid gap-4">
      <title>{taskTitle(record)}</title>
      <Milestones record={record} />
      {record?.error == null ? null : (
        <ErrorPanel
          error={record.error}
          resumesAt={resumesAt(record)}
          action={<ErrorActions kind={record.error.kind} busy={isFetching} onAsk={askNow} />}
        />
      )}
      {record?.task == null || record.seenAt === null ? (
        record?.error == null ? (
          <TaskSkeleton />
        ) : null
      ) : (
        <Seen
          record={record}
          task={record.task}
          seenAt={record.seenAt}
          asking={isFetching}
          offline={offline}
        />
      )}
    </div>
  )
}

interface ErrorActionsProps {
  readonly kind: ApiErrorKind
  readonly busy: boolean
  readonly onAsk: () => void
}

/** While the allowance is used up there is nothing to do but wait. */
function ErrorActions({ kind, busy, onAsk }: ErrorActionsProps) {
  if (kind === 'limited') return null
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      <Button onClick={onAsk} disabled={busy} icon={<RefreshCw aria-hidden size={15} />}>
        Check now
      </Button>
      {kind === 'key' ? <Button onClick={forgetKey}>Use another key</Button> : null}
    </div>
  )
}

const resumesAt = (record: TaskRecord): number | null => {
  const next = nextQuestion(record)
  return next.kind === 'ask' ? next.at : null
}

interface SeenProps {
  readonly record: TaskRecord
  readonly task: Task
  readonly seenAt: number
  readonly asking: boolean
  readonly offline: boolean
}

function Seen({ record, task, seenAt, asking, offline }: SeenProps) {
  const next = nextQuestion(record)
  return (
    <>
      <StatusPanel
        task={task}
        seenAt={seenAt}
        watchedSince={record.firstAskedAt}
        endSeenAt={record.endSeenAt}
        wentBackFrom={record.wentBackFrom}
      >
        <NextQuestion next={next} asking={asking} offline={offline} />
      </StatusPanel>
      <div className="grid gap-4 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <Credits
          task={task}
          confirming={next.kind === 'ask'}
          deductedAtQuestion={record.deductedAtQuestion}
        />
        <SettingsList settings={task.settings} />
      </div>
      <div className="mt-4">
        <FileGrid task={task} />
      </div>
    </>
  )
}

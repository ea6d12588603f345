import { useState } from 'react'
import { useMatch } from 'react-router'
import { asTaskId, type TaskId } from '../../../core/api/task-id.ts'
import { isKnown } from '../../../core/record/task-record.ts'
import { useOriginalFile } from '../../downloads/originals.ts'
import { routes } from '../../lib/paths.ts'
import { type ApiKey, isSandboxKey } from '../../session/api-key.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { type FollowedTask, useTask, useTrackedTask } from '../../tasks/use-task.ts'
import { deferred, deferredDialog, Nothing } from '../../ui/deferred.tsx'
import { isHeld } from './next-check.tsx'
import { TaskStatus } from './task-status.tsx'

const ShareButton = deferred(
  async () => (await import('../../dialogs/share/share-button.tsx')).ShareButton,
)
const NoTaskId = deferred(async () => (await import('./no-task-id.tsx')).NoTaskId)
const TaskMenu = deferred(async () => (await import('./task-menu.tsx')).TaskMenu)
const Neighbours = deferred(async () => (await import('./neighbours.tsx')).Neighbours)
const DemoSource = deferred(async () => (await import('./demo-source.tsx')).DemoSource, Nothing)
const ReplaceKey = deferredDialog(async () => (await import('../key/replace-key.tsx')).ReplaceKey)
const UsualTime = deferred(async () => (await import('./usual-time.tsx')).UsualTime)

const RelatedTasks = deferred(
  async () => (await import('./related-tasks.tsx')).RelatedTasks,
  Nothing,
)
const TaskViewer = deferredDialog(async () => (await import('./task-viewer.tsx')).TaskViewer)
const TaskLabels = deferred(async () => (await import('./task-labels.tsx')).TaskLabels)

/** One task, by the ID in the URL. */
export function TaskPage({ apiKey }: { readonly apiKey: ApiKey }) {
  const text = useMatch(routes.task)?.params.taskId ?? ''
  const taskId = asTaskId(text)
  return taskId === null ? (
    <NoTaskId text={text} />
  ) : (
    <Followed key={taskId} apiKey={apiKey} taskId={taskId} />
  )
}

/** The stored state of a task whose first check is held, until that has a response. */
function useLastKnown(following: FollowedTask, entry: TrackedTask | null): FollowedTask {
  const [wasHeld, setWasHeld] = useState(false)
  if (!wasHeld && isHeld(following)) setWasHeld(true)
  return wasHeld && entry !== null && !isKnown(following.record)
    ? { ...following, record: entry.record }
    : following
}

function Followed({ apiKey, taskId }: { readonly apiKey: ApiKey; readonly taskId: TaskId }) {
  const entry = useTrackedTask(apiKey, taskId)
  const following = useLastKnown(useTask(apiKey, taskId), entry)
  const original = useOriginalFile(taskId)
  const [isReplacing, setReplacing] = useState(false)
  return (
    <TaskStatus
      taskId={taskId}
      following={following}
      entry={entry}
      onReplaceKey={() => setReplacing(true)}
      usual={<UsualTime apiKey={apiKey} taskId={taskId} />}
      annotation={
        entry && (
          <>
            <TaskLabels apiKey={apiKey} entry={entry} />
            <RelatedTasks
              apiKey={apiKey}
              entry={entry}
              canCompare={
                following.record.task?.files.some((file) => file.downloadUrl !== null) ?? false
              }
            />
          </>
        )
      }
      renderViewer={(props) => <TaskViewer {...props} apiKey={apiKey} entry={entry} />}
      actions={
        <>
          {isSandboxKey(apiKey) && original === null ? (
            <DemoSource apiKey={apiKey} taskId={taskId} />
          ) : null}
          <Neighbours apiKey={apiKey} taskId={taskId} />
          <ShareButton apiKey={apiKey} taskId={taskId} record={following.record} />
          <TaskMenu apiKey={apiKey} taskId={taskId} following={following} />
          {isReplacing ? <ReplaceKey onClose={() => setReplacing(false)} /> : null}
        </>
      }
    />
  )
}

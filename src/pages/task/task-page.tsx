import { useParams } from 'react-router'
import { deferred } from '../../components/deferred.tsx'
import { useTaskStatus } from '../../polling/use-task-status.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { forgetKey } from '../../session/session.ts'
import { asTaskId, type TaskId } from '../../upscayl/task-id.ts'
import { TaskLayout } from './task-layout.tsx'
import { TaskStatus } from './task-status.tsx'

const ShareButton = deferred(async () => (await import('../share/share-button.tsx')).ShareButton)
const NoTaskId = deferred(async () => (await import('./no-task-id.tsx')).NoTaskId)
const Recorder = deferred(async () => (await import('../recording/recorder.tsx')).Recorder)

/** One task, by the id in its address. */
export function TaskPage({ apiKey }: { readonly apiKey: ApiKey }) {
  const text = useParams<'taskId'>().taskId ?? ''
  const taskId = asTaskId(text)
  return taskId === null ? (
    <NoTaskId text={text} />
  ) : (
    <TaskLayout taskId={taskId} actions={<ShareButton apiKey={apiKey} taskId={taskId} />}>
      <Followed key={taskId} apiKey={apiKey} taskId={taskId} />
    </TaskLayout>
  )
}

function Followed({ apiKey, taskId }: { readonly apiKey: ApiKey; readonly taskId: TaskId }) {
  const following = useTaskStatus(apiKey, taskId)
  return (
    <>
      <TaskStatus taskId={taskId} following={following} onForgetKey={forgetKey} />
      <Recorder apiKey={apiKey} taskId={taskId} answers={following.answers} />
    </>
  )
}

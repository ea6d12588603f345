import { ArrowLeft } from 'lucide-react'
import { Link, useParams } from 'react-router'
import { CopyButton } from '../../components/copy-button.tsx'
import { Notice } from '../../components/notice.tsx'
import { truncateMiddle } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { asTaskId, parseTaskId, type TaskId } from '../../upscayl/task-id.ts'
import { TaskStatus } from './task-status.tsx'

/** One task, by the id in its address. */
export function TaskPage({ apiKey }: { readonly apiKey: ApiKey }) {
  const text = useParams<'taskId'>().taskId ?? ''
  const taskId = asTaskId(text)
  return (
    <>
      <Link
        to={paths.home}
        className="inline-flex min-h-9 items-center gap-1.5 text-sm text-muted hover:text-ink"
      >
        <ArrowLeft aria-hidden size={15} />
        Watch another task
      </Link>
      {taskId === null ? <NoTaskId text={text} /> : <Known apiKey={apiKey} taskId={taskId} />}
    </>
  )
}

function Known({ apiKey, taskId }: { readonly apiKey: ApiKey; readonly taskId: TaskId }) {
  return (
    <>
      <div className="mt-1 mb-5 flex items-center gap-1">
        <h1 className="min-w-0 truncate text-xl font-semibold tracking-tight" title={taskId}>
          Task{' '}
          <span className="font-mono text-lg font-normal">
            <span className="sm:hidden">{truncateMiddle(taskId, 20)}</span>
            <span className="max-sm:hidden">{truncateMiddle(taskId, 48)}</span>
          </span>
        </h1>
        <CopyButton text={taskId} label="Copy task id" />
      </div>
      <TaskStatus key={taskId} apiKey={apiKey} taskId={taskId} />
    </>
  )
}

function NoTaskId({ text }: { readonly text: string }) {
  const parsed = parseTaskId(text)
  return (
    <div className="mt-4">
      <title>Not a task id · Loupe</title>
      <h1 className="sr-only">Not a task id</h1>
      <Notice tone="bad" title="This address holds no task id">
        <p>{parsed.ok ? '' : parsed.error} Nothing was asked of Upscayl.</p>
        <p className="mt-2">
          It holds: <bdi className="font-mono text-ink">{truncateMiddle(text, 80)}</bdi>
        </p>
      </Notice>
    </div>
  )
}

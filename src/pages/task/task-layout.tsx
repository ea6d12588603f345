import type { ReactNode } from 'react'
import { CopyButton } from '../../components/copy-button.tsx'
import { Shortened } from '../../components/shortened.tsx'
import type { TaskId } from '../../upscayl/task-id.ts'
import { BackLink } from './back-link.tsx'

interface TaskLayoutProps {
  readonly taskId: TaskId
  /** What can be done with the task as a whole. */
  readonly actions: ReactNode
  readonly children: ReactNode
}

/** What stands above a task: the way back, and which task it is. */
export function TaskLayout({ taskId, actions, children }: TaskLayoutProps) {
  return (
    <>
      <BackLink />
      <div className="mt-1 mb-5">
        <TaskHeading taskId={taskId}>{actions}</TaskHeading>
      </div>
      {children}
    </>
  )
}

interface TaskHeadingProps {
  readonly taskId: TaskId
  /** What can be done with it. */
  readonly children?: ReactNode
}

/** The heading of a page that is about one task. */
export function TaskHeading({ taskId, children }: TaskHeadingProps) {
  return (
    <div className="flex items-center gap-1">
      <h1 className="min-w-0 truncate text-xl font-semibold tracking-tight" title={taskId}>
        Task{' '}
        <span className="font-mono text-lg font-normal">
          <Shortened text={taskId} length={20} className="sm:hidden" />
          <Shortened text={taskId} length={48} className="max-sm:hidden" />
        </span>
      </h1>
      <CopyButton text={taskId} label="Copy task id" />
      {children === undefined ? null : <div className="ml-auto">{children}</div>}
    </div>
  )
}

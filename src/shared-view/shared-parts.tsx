import type { Visibility } from '../../core/api/visibility.ts'
import type { TaskRecord } from '../../core/record/task-record.ts'
import { type Titled, taskTitle } from '../tasks/task-title.ts'
import { Shortened } from '../ui/shortened.tsx'

/** Heading of a page about one task of somebody else: the name of its image. */
export const SharedHeading = ({ task }: { readonly task: Titled }) => (
  <h1 className="mb-3 truncate text-xl font-semibold tracking-tight">
    <Shortened text={taskTitle(task)} length={60} />
  </h1>
)

/** Beside a single file; a list of files has its own notice. */
export const NotShared = () => <p className="text-sm text-muted">Downloads weren’t shared.</p>

export const hidesOneFile = (record: TaskRecord, { links }: Visibility): boolean =>
  !links && record.task?.files.length === 1

import { RotateCw } from 'lucide-react'
import type { Settings } from '../../../core/api/task.ts'
import type { TaskId } from '../../../core/api/task-id.ts'
import { paths } from '../../lib/paths.ts'
import { imageCount, imageNames } from '../../tasks/image-names.ts'
import type { Titled } from '../../tasks/task-title.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'
import { runAgain } from '../../uploads/run-again.ts'

interface RunAgainProps extends Omit<Titled, 'id'> {
  readonly taskId: TaskId
  readonly settings: Settings
  /** It failed, or its files are gone: nothing else is left to do. */
  readonly main: boolean
}

/** Opens New task with the same settings, and the same images where they are at hand. */
export const RunAgain = ({ taskId, settings, main, ...task }: RunAgainProps) => (
  <Link
    to={paths.newTask}
    state={runAgain([{ taskId, names: imageNames(task), count: imageCount(task), settings }])}
    className={buttonClass(main ? 'primary' : 'secondary')}
  >
    <RotateCw size={15} />
    Run again…
  </Link>
)

import { RotateCw } from 'lucide-react'
import type { Settings } from '../../../core/api/task.ts'
import { paths } from '../../lib/paths.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'
import { runAgain } from '../../uploads/run-again.ts'

interface RunAgainProps {
  readonly taskId: string
  readonly name: string | null
  readonly settings: Settings
  /** It failed, or its files are gone: nothing else is left to do. */
  readonly main: boolean
}

/** Opens New task with the same settings, and the same image where it is at hand. */
export const RunAgain = ({ taskId, name, settings, main }: RunAgainProps) => (
  <Link
    to={paths.newTask}
    state={runAgain(taskId, name, settings)}
    className={buttonClass(main ? 'primary' : 'secondary')}
  >
    <RotateCw size={15} />
    Run again…
  </Link>
)

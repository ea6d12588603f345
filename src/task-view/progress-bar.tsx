import type { Task } from '../../core/api/task.ts'
import { Progress } from '../ui/progress.tsx'

interface ProgressBarProps {
  readonly task: Task
  /** Estimated current progress, 0 to 100; null for none. */
  readonly estimate: number | null
}

/** Of a task at work. Determinate only if a real number was reported. */
export const ProgressBar = ({ task, estimate }: ProgressBarProps) => (
  <Progress
    label="Progress"
    value={task.progress}
    unknown="No number reported"
    estimate={estimate}
    className="h-2"
  />
)

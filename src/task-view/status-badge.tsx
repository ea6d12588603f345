import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleX,
  Hourglass,
  Sparkles,
} from 'lucide-react'
import { failedFiles, TASK_RULES, type Task, type TaskKind } from '../../core/api/task.ts'
import { formatNumber } from '../lib/format.ts'
import { Badge } from '../ui/badge.tsx'

const LOOKS = {
  pending: { icon: Hourglass, ink: 'text-muted bg-sunken' },
  processing: { icon: CircleDashed, ink: 'text-accent bg-accent-soft' },
  enhancing: { icon: Sparkles, ink: 'text-accent bg-accent-soft' },
  unrecognized: { icon: CircleHelp, ink: 'text-warn bg-warn-soft' },
  processed: { icon: CircleCheck, ink: 'text-good bg-good-soft' },
  failed: { icon: CircleX, ink: 'text-bad bg-bad-soft' },
} as const satisfies Record<TaskKind, { icon: typeof Hourglass; ink: string }>

const PARTLY_FAILED = { icon: CircleAlert, ink: 'text-warn bg-warn-soft' }

/** The status in one word, and how many images of a batch failed; an undocumented one is shown as is. */
export function statusLabel(task: Task): string {
  if (task.kind === 'unrecognized') return task.word ?? 'No status reported'
  const { label } = TASK_RULES[isQueued(task) ? 'pending' : task.kind]
  const failed = failedFiles(task).length
  return failed === 0 ? label : `${label} · ${formatNumber(failed)} failed`
}

/** Whether it is done, but not with all of its images. */
export const isPartlyFailed = (task: Task): boolean =>
  task.kind === 'processed' && failedFiles(task).length > 0

/** Until the first percent, a task that is "processing" only waits for its turn. */
export const isQueued = ({ kind, progress }: Task): boolean =>
  kind === 'pending' || (kind === 'processing' && progress === 0)

export function StatusBadge({ task }: { readonly task: Task }) {
  const { icon, ink } = isPartlyFailed(task) ? PARTLY_FAILED : LOOKS[task.kind]
  return (
    <Badge icon={icon} ink={ink}>
      {statusLabel(task)}
    </Badge>
  )
}

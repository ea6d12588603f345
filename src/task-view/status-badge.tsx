import { CircleCheck, CircleDashed, CircleHelp, CircleX, Hourglass, Sparkles } from 'lucide-react'
import { TASK_RULES, type Task, type TaskKind } from '../../core/api/task.ts'
import { Badge } from '../ui/badge.tsx'

const LOOKS = {
  pending: { icon: Hourglass, ink: 'text-muted bg-sunken' },
  processing: { icon: CircleDashed, ink: 'text-accent bg-accent-soft' },
  enhancing: { icon: Sparkles, ink: 'text-accent bg-accent-soft' },
  unrecognized: { icon: CircleHelp, ink: 'text-warn bg-warn-soft' },
  processed: { icon: CircleCheck, ink: 'text-good bg-good-soft' },
  failed: { icon: CircleX, ink: 'text-bad bg-bad-soft' },
} as const satisfies Record<TaskKind, { icon: typeof Hourglass; ink: string }>

/** The status in one word; an undocumented one is shown as is. */
export function statusLabel(task: Task): string {
  if (task.kind === 'unrecognized') return task.word ?? 'No status reported'
  return TASK_RULES[isQueued(task) ? 'pending' : task.kind].label
}

/** Until the first percent, a task that is "processing" only waits for its turn. */
export const isQueued = ({ kind, progress }: Task): boolean =>
  kind === 'pending' || (kind === 'processing' && progress === 0)

export function StatusBadge({ task }: { readonly task: Task }) {
  const { icon, ink } = LOOKS[task.kind]
  return (
    <Badge icon={icon} ink={ink}>
      {statusLabel(task)}
    </Badge>
  )
}

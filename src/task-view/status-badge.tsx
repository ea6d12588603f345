import { CircleCheck, CircleDashed, CircleHelp, CircleX, Hourglass, Sparkles } from 'lucide-react'
import { TASK_RULES, type Task, type TaskKind } from '../upscayl/task.ts'

const LOOKS = {
  pending: { icon: Hourglass, ink: 'text-muted bg-sunken' },
  processing: { icon: CircleDashed, ink: 'text-accent bg-accent-soft' },
  enhancing: { icon: Sparkles, ink: 'text-accent bg-accent-soft' },
  unrecognized: { icon: CircleHelp, ink: 'text-warn bg-warn-soft' },
  processed: { icon: CircleCheck, ink: 'text-good bg-good-soft' },
  failed: { icon: CircleX, ink: 'text-bad bg-bad-soft' },
} as const satisfies Record<TaskKind, { icon: typeof Hourglass; ink: string }>

/** The status in one word; a word nobody documented is shown as it came. */
export const statusLabel = (task: Task): string =>
  task.kind === 'unrecognized' ? (task.word ?? 'No status reported') : TASK_RULES[task.kind].label

export function StatusBadge({ task }: { readonly task: Task }) {
  const { icon: Icon, ink } = LOOKS[task.kind]
  return (
    <span
      className={`inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-[0.875rem] px-2.5 py-0.5 text-sm font-medium ${ink}`}
    >
      <Icon aria-hidden size={15} className="shrink-0" />
      <span className="min-w-0 [overflow-wrap:anywhere]">{statusLabel(task)}</span>
    </span>
  )
}

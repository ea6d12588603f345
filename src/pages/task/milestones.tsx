import { formatFiles } from '../../lib/format.ts'
import type { TaskRecord } from '../../polling/task-record.ts'
import { creditsText } from '../../task-view/credits.tsx'
import { errorWords } from '../../task-view/error-words.ts'
import { statusLabel } from '../../task-view/status-badge.tsx'
import { isTerminal } from '../../upscayl/task.ts'

/** What a screen reader hears: each change of status, and quarters of the way, not every percent. */
export function Milestones({ record }: { readonly record: TaskRecord }) {
  return (
    <p role="status" aria-label="Milestones" className="sr-only">
      {milestone(record)}
    </p>
  )
}

function milestone({ task, failure }: TaskRecord): string {
  if (failure !== null) return `${errorWords(failure.error).title}.`
  if (task === null) return ''
  const label = statusLabel(task)
  if (isTerminal(task)) {
    return `${label}. ${formatFiles(task.files.length)}. ${creditsText(task, false).text}.`
  }
  const quarter = task.progress === null ? 0 : Math.floor(task.progress / 25) * 25
  return quarter === 0 ? `${label}.` : `${label}, ${quarter} percent.`
}

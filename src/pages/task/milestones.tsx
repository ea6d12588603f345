import { formatFiles } from '../../lib/format.ts'
import { isDoubted, type TaskRecord } from '../../polling/task-record.ts'
import { creditsText } from '../../task-view/credits.tsx'
import { errorWords } from '../../task-view/error-words.ts'
import { statusLabel } from '../../task-view/status-badge.tsx'
import { isTerminal } from '../../upscayl/task.ts'

interface MilestonesProps {
  readonly record: TaskRecord
  /** Whether the credits are for this reader. */
  readonly credits?: boolean
}

/** What a screen reader hears: each change of status, and quarters of the way, not every percent. */
export function Milestones({ record, credits = true }: MilestonesProps) {
  return (
    <p role="status" aria-label="Milestones" className="sr-only">
      {milestone(record, credits)}
    </p>
  )
}

function milestone(record: TaskRecord, credits: boolean): string {
  const { task, failure } = record
  if (failure !== null && !isDoubted(record)) return `${errorWords(failure.error).title}.`
  if (task === null) return ''
  const label = statusLabel(task)
  if (isTerminal(task)) {
    const end = `${label}. ${formatFiles(task.files.length)}.`
    return credits ? `${end} ${creditsText(task, false).text}.` : end
  }
  const quarter = task.progress === null ? 0 : Math.floor(task.progress / 25) * 25
  return quarter === 0 ? `${label}.` : `${label}, ${quarter} percent.`
}

import { failedFiles, isTerminal } from '../../core/api/task.ts'
import { isDoubted, isRefused, type TaskRecord } from '../../core/record/task-record.ts'
import { formatFiles, formatPercent } from '../lib/format.ts'
import { creditsText } from './credits.tsx'
import { errorText } from './error-text.ts'
import { isQueued, statusLabel } from './status-badge.tsx'

interface MilestonesProps {
  readonly record: TaskRecord
  /** Whether this viewer may see the credits. */
  readonly credits?: boolean
}

/** Screen reader announcements: status changes and quarters of progress, not every percent. */
export function Milestones({ record, credits = true }: MilestonesProps) {
  return (
    <p role="status" aria-label="Milestones" className="sr-only">
      {milestone(record, credits)}
    </p>
  )
}

function milestone(record: TaskRecord, credits: boolean): string {
  const { task, failure } = record
  if (failure !== null && !isDoubted(record)) return `${errorText(failure.error).title}.`
  if (task === null) return ''
  const label = statusLabel(task)
  if (isTerminal(task)) {
    const end = `${label}. ${formatFiles(task.files.length - failedFiles(task).length)}.`
    return credits ? `${end} ${creditsText(task, false).text}.` : end
  }
  const quarter = task.progress === null ? 0 : Math.floor(task.progress / 25) * 25
  return quarter === 0 ? `${label}.` : `${label}, ${quarter} percent.`
}

/** Title of the tab: the number first, since tabs show little more. */
export function tabTitle(record: TaskRecord, title: string): string {
  const state = stateInTab(record)
  return `${state === null ? '' : `${state} · `}${title} · Loupe`
}

function stateInTab(record: TaskRecord): string | null {
  const { task, failure } = record
  if (task === null) {
    return failure === null || isDoubted(record) ? null : errorText(failure.error).title
  }
  if (failure !== null && isRefused(record) && !isTerminal(task)) {
    return errorText(failure.error, true).title
  }
  return isTerminal(task) || isQueued(task) || task.progress === null
    ? statusLabel(task)
    : formatPercent(task.progress)
}

import { isDoubted, isRefused, type TaskRecord } from '../../polling/task-record.ts'
import { errorWords } from '../../task-view/error-words.ts'
import { statusLabel } from '../../task-view/status-badge.tsx'
import { isTerminal } from '../../upscayl/task.ts'

/** The tab's title: the number first, since tabs show little more. */
export function taskTitle(record: TaskRecord): string {
  const { task, failure } = record
  if (task === null) {
    return failure === null || isDoubted(record)
      ? 'Task · Loupe'
      : `${errorWords(failure.error).title} · Loupe`
  }
  if (failure !== null && isRefused(record) && !isTerminal(task)) {
    return `${errorWords(failure.error, true).title} · Loupe`
  }
  const label = statusLabel(task)
  return isTerminal(task) || task.progress === null
    ? `${label} · Loupe`
    : `${task.progress} % ${label} · Loupe`
}

import type { TaskRecord } from '../../polling/task-record.ts'
import { errorWords } from '../../task-view/error-words.ts'
import { statusLabel } from '../../task-view/status-badge.tsx'
import { isTerminal } from '../../upscayl/task.ts'

/** The tab's title: the number first, since tabs show little more. */
export function taskTitle(record: TaskRecord | undefined): string {
  if (record === undefined) return 'Task · Loupe'
  const { task, error } = record
  if (task === null) return error === null ? 'Task · Loupe' : `${errorWords(error).title} · Loupe`
  const label = statusLabel(task)
  return isTerminal(task) || task.progress === null
    ? `${label} · Loupe`
    : `${task.progress} % ${label} · Loupe`
}

import type { TaskRecord } from '../../polling/task-record.ts'
import { errorWords } from '../../task-view/error-words.ts'
import { statusLabel } from '../../task-view/status-badge.tsx'
import { ERROR_RULES } from '../../upscayl/errors.ts'
import { isTerminal } from '../../upscayl/task.ts'

/** The tab's title: the number first, since tabs show little more. */
export function taskTitle({ task, failure }: TaskRecord): string {
  if (task === null) {
    return failure === null ? 'Task · Loupe' : `${errorWords(failure.error).title} · Loupe`
  }
  if (failure !== null && ERROR_RULES[failure.error.kind].next === 'stop') {
    return `${errorWords(failure.error).title} · Loupe`
  }
  const label = statusLabel(task)
  return isTerminal(task) || task.progress === null
    ? `${label} · Loupe`
    : `${task.progress} % ${label} · Loupe`
}

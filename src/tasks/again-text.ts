import type { TaskId } from '../../core/api/task-id.ts'
import { taskTitle } from './task-title.ts'
import type { TrackedTask } from './tracked-task.ts'

/** "Run again of tram.jpg", without the name if that task is not listed; null for a task that is none. */
export function againText(
  { earlier }: TrackedTask,
  entries: ReadonlyMap<TaskId, TrackedTask>,
): string | null {
  if (earlier === null) return null
  const entry = entries.get(earlier)
  return entry === undefined ? 'Run again' : `Run again of ${taskTitle(entry)}`
}

export const entriesById = (entries: readonly TrackedTask[]): ReadonlyMap<TaskId, TrackedTask> =>
  new Map(entries.map((entry) => [entry.id, entry]))

import type { TaskId } from '../../core/api/task-id.ts'
import type { Step } from './task-store.ts'
import type { TrackedTask } from './tracked-task.ts'

/** A change of listed tasks that waits to be written. */
export interface ListChange {
  readonly ids: readonly TaskId[]
  readonly step: Step
  /** Called once it is written, or kept in this tab as unsaved. */
  readonly done: () => void
}

/** Combines changes into one; the steps of a task run in order. */
export function together(batch: readonly ListChange[]): Pick<ListChange, 'ids' | 'step'> {
  const steps = new Map<TaskId, Step[]>()
  for (const { ids, step } of batch)
    for (const id of ids) steps.set(id, [...(steps.get(id) ?? []), step])
  return {
    ids: [...steps.keys()],
    step: (known, id) => (steps.get(id) ?? []).reduce((entry, step) => step(entry, id), known),
  }
}

/** Puts an entry in its place; null removes the task. */
export function keep(
  entries: Map<TaskId, TrackedTask>,
  id: TaskId,
  entry: TrackedTask | null,
): void {
  if (entry === null) entries.delete(id)
  else entries.set(id, entry)
}

import type { HistoryTask } from '../../core/api/history.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { recordListed } from '../../core/record/record-response.ts'
import { isSettled } from '../../core/record/task-record.ts'
import { newTrackedTask, type TrackedTask, withRecord } from './tracked-task.ts'

/** What adding the tasks of a history would do. */
export interface HistoryReview {
  /** To be added, newest first. */
  readonly fresh: readonly HistoryTask[]
  /** Number of tasks that are in the list already. */
  readonly known: number
  /** Number of tasks for which the list has no room. */
  readonly tooMany: number
  /** Number of tasks to be added that will be checked. */
  readonly checks: number
  /** Finished tasks to be added whose first check deducts their credits; null for none. */
  readonly unpaid: { readonly count: number; readonly credits: number | null } | null
}

/** `room`: number of tasks that the list can still take. Pages may overlap. */
export function reviewHistory(
  tasks: readonly HistoryTask[],
  has: (id: TaskId) => boolean,
  room: number,
): HistoryReview {
  const all = [...new Map(tasks.map((task) => [task.id, task])).values()]
  const absent = all.filter(({ id }) => !has(id))
  const fresh = absent.slice(0, Math.max(0, room))
  return {
    fresh,
    known: all.length - absent.length,
    tooMany: absent.length - fresh.length,
    checks: fresh.filter(({ task }) => task === null || !isSettled(recordListed(task, 0))).length,
    unpaid: unpaidOf(fresh),
  }
}

function unpaidOf(tasks: readonly HistoryTask[]): HistoryReview['unpaid'] {
  const amounts = tasks.flatMap(({ task }) =>
    task?.kind === 'processed' && task.credits.state === 'outstanding' ? [task.credits.amount] : [],
  )
  if (amounts.length === 0) return null
  const known = amounts.filter((amount) => amount !== null)
  const isWhole = known.length === amounts.length
  return {
    count: amounts.length,
    credits: isWhole ? known.reduce((sum, amount) => sum + amount, 0) : null,
  }
}

/**
 * The entry of a task that was found, with its time and its state. Unless both its end and its charge are
 * sure, it is checked like any task of the list. `at`: when the history came, epoch milliseconds.
 */
export function entryOf({ id, createdAt, task }: HistoryTask, at: number): TrackedTask {
  const entry = newTrackedTask(id, createdAt ?? at)
  return task === null ? entry : withRecord(entry, recordListed(task, at))
}

import { probableEnd } from '../../core/api/file-links.ts'
import { isTerminal } from '../../core/api/task.ts'
import { datingOf, isRefused } from '../../core/record/task-record.ts'
import type { TrackedTask } from './tracked-task.ts'

/*
 * Values that the list shows, derived from an entry and, if needed, the current time.
 */

/** Status of a task in the list. */
export type Group =
  /** No response yet. */
  | 'new'
  | 'running'
  | 'done'
  | 'failed'
  /** The API repeatedly rejects the request (no such task, another key). Not checked automatically. */
  | 'refused'

export const GROUPS = ['new', 'running', 'done', 'failed', 'refused'] as const satisfies Group[]

/** Whether it is not known to have ended. */
export const mayRun = (group: Group): boolean => group === 'new' || group === 'running'

export function groupOf({ record }: TrackedTask): Group {
  const { task } = record
  // A task that has ended stays so, whatever a later request returns.
  if (task !== null && isTerminal(task)) return task.kind === 'failed' ? 'failed' : 'done'
  if (isRefused(record)) return 'refused'
  return task === null ? 'new' : 'running'
}

/** Probable expiry of each file's link, epoch milliseconds by this device's clock, ascending. */
export const endsOf = ({ record }: TrackedTask): readonly number[] =>
  (record.task?.files ?? [])
    .flatMap((file) => probableEnd(file, datingOf(record)) ?? [])
    .sort((a, b) => a - b)

/** Next expiry of a file's link after `now`; once all have expired, the last; null if none is known. */
export function soonestEnd(entry: TrackedTask, now: number): number | null {
  const ends = endsOf(entry)
  return ends.find((at) => at > now) ?? ends[ends.length - 1] ?? null
}

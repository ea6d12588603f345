import { datingOf, isRefused } from '../polling/task-record.ts'
import { probableEnd } from '../upscayl/link-end.ts'
import { isTerminal } from '../upscayl/task.ts'
import type { Entry } from './entry.ts'

/*
 * What the list tells of its tasks: everything derives from an entry, and from the time where that matters.
 */

/** Where a task stands, as far as a glance over the list cares. */
export type Group =
  /** Never answered yet. */
  | 'new'
  | 'running'
  | 'done'
  | 'failed'
  /** The API refuses the question, time and again: no such task, another key. It is not asked by itself. */
  | 'refused'

export const GROUPS = ['new', 'running', 'done', 'failed', 'refused'] as const satisfies Group[]

/** It has not ended, as far as is known. */
export const mayRun = (group: Group): boolean => group === 'new' || group === 'running'

export function groupOf({ record }: Entry): Group {
  const { task } = record
  // An end stays true, whatever a later question gets.
  if (task !== null && isTerminal(task)) return task.kind === 'failed' ? 'failed' : 'done'
  if (isRefused(record)) return 'refused'
  return task === null ? 'new' : 'running'
}

/** The name of the first file that has one, or null. */
export function nameOf({ record: { task } }: Entry): string | null {
  for (const { originalName, storedName } of task?.files ?? []) {
    const name = originalName ?? storedName
    if (name !== null) return name
  }
  return null
}

/** The address of a small picture, or null. */
export const thumbnailOf = ({ record: { task } }: Entry): string | null =>
  task?.files.find(({ thumbnailUrl }) => thumbnailUrl !== null)?.thumbnailUrl ?? null

/** When each file's link probably ends, epoch milliseconds by this device's clock, ascending. */
export const endsOf = ({ record }: Entry): readonly number[] =>
  (record.task?.files ?? [])
    .flatMap((file) => probableEnd(file, datingOf(record)) ?? [])
    .sort((a, b) => a - b)

/** The next end of a file's link after `now`; once all have ended, the last; null where none is known. */
export function soonestEnd(entry: Entry, now: number): number | null {
  const ends = endsOf(entry)
  return ends.find((at) => at > now) ?? ends[ends.length - 1] ?? null
}

import type { Listing } from '../files/batch.ts'
import { datingOf, type TaskRecord } from '../polling/task-record.ts'

/** What is known of the files of a task; null before the first answer. */
export const listingOf = (id: string, record: TaskRecord): Listing | null =>
  record.task === null ? null : { id, ...record.task, ...datingOf(record) }

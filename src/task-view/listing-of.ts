import { datingOf, type TaskRecord } from '../../core/record/task-record.ts'
import type { Listing } from '../downloads/batch.ts'

/** The task as a listing; null before the first response. */
export const listingOf = (id: string, record: TaskRecord): Listing | null =>
  record.task === null ? null : { id, ...record.task, ...datingOf(record) }

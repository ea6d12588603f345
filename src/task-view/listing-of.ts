import { datingOf, type TaskRecord } from '../../core/record/task-record.ts'
import type { Listing } from '../downloads/batch.ts'

/** Files of a task that have a result; null before the first response. */
export const listingOf = (id: string, record: TaskRecord): Listing | null =>
  record.task === null
    ? null
    : {
        id,
        ...record.task,
        files: record.task.files.filter(({ failed }) => !failed),
        ...datingOf(record),
      }

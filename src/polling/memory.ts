import type { TaskId } from '../upscayl/task-id.ts'
import type { TaskRecord } from './task-record.ts'

/** What outlives the page. The asker writes down each answer, and asks on from where an earlier visit was. */
export interface Memory {
  /** What an earlier visit knew of a task; null for nothing. */
  readonly recall: (taskId: TaskId) => Promise<TaskRecord | null>
  /** `first`: this visit had not seen the task before, so it may not be among those remembered. */
  readonly remember: (taskId: TaskId, record: TaskRecord, first: boolean) => void
}

export const NO_MEMORY: Memory = { recall: async () => null, remember: () => {} }

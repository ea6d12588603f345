import type { TaskId } from '../../core/api/task-id.ts'
import type { StartSettings } from '../api/create-task.ts'

/** The task that an image is run again from: it was started with it, or its result is the image. */
export interface EarlierTask {
  readonly taskId: TaskId
  /** Settings that it can be run again with; null if its result is the image. */
  readonly settings: StartSettings | null
  /** Number of its images. */
  readonly count: number
}

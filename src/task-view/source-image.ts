import type { Dimensions } from '../../core/api/task.ts'

/** The original image of a task, if this browser has it. */
export interface SourceImage {
  readonly url: string
  readonly dimensions: Dimensions | null
}

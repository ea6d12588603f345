import type { Dimensions } from '../../core/api/task.ts'

/** What a task was started with, as far as this browser has it. */
export interface SourceImage {
  readonly url: string
  readonly dimensions: Dimensions | null
}

import type { Source, StartError } from '../upscayl/start-task.ts'
import type { TaskId } from '../upscayl/task-id.ts'

/** One image on its way to become a task. */
export interface Item {
  /** Of this page alone. */
  readonly id: string
  readonly source: Source
  readonly state: ItemState
}

export type ItemState =
  /** Its first bytes are read. */
  | { readonly kind: 'checking' }
  /** It cannot become a task, whatever is tried; `why` is a sentence. Nothing was sent. */
  | { readonly kind: 'unfit'; readonly why: string }
  | { readonly kind: 'ready' }
  /** Its turn comes; `until` (epoch ms) where the hour's allowance is used up until then. */
  | { readonly kind: 'waiting'; readonly until: number | null }
  /** `sent`: 0 to 1. At 1 the answer is waited for. */
  | { readonly kind: 'sending'; readonly sent: number }
  /** `credits`: what the API said it will deduct; null where it named nothing. */
  | { readonly kind: 'started'; readonly taskId: TaskId; readonly credits: number | null }
  /** `again`: the same may be tried once more, and starts no second task. */
  | { readonly kind: 'failed'; readonly error: StartError; readonly again: boolean }
  /** No task was started. */
  | { readonly kind: 'cancelled' }

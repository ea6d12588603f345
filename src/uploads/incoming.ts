import { createStore } from '../lib/store.ts'
import type { EarlierTask } from './earlier-task.ts'

/** An image from another page. */
export interface Incoming {
  readonly image: File
  /** The task that it is the result of; null for none. */
  readonly earlier: EarlierTask | null
}

/** Images dropped, pasted or taken on another page, until New task takes them. */
export const incomingImages = createStore<readonly Incoming[]>([])

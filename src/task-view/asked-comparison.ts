import { createStore } from '../lib/store.ts'

/** A task whose result is to be compared with that of another, from elsewhere on its page; null for none. */
export const askedComparison = createStore<{
  readonly taskId: string
  readonly otherId: string
} | null>(null)

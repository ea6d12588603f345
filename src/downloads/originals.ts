import { createStore, useStore } from '../lib/store.ts'

/*
 * Original files of the tasks started in this tab, for comparison with the results. A File is no
 * copy of its bytes and is not stored: it is gone after a reload.
 */

/** Limit; the oldest is dropped. */
const MAX_ORIGINALS = 20

const originals = createStore<ReadonlyMap<string, File>>(new Map())

export function keepOriginal(taskId: string, original: File): void {
  const others = [...originals.get()].filter(([id]) => id !== taskId)
  originals.set(new Map([...others.slice(1 - MAX_ORIGINALS), [taskId, original]]))
}

/** Null for a task that was not started in this tab, or too long ago. */
export const originalOf = (taskId: string): File | null => originals.get().get(taskId) ?? null

export const useOriginal = (taskId: string): File | null => useStore(originals).get(taskId) ?? null

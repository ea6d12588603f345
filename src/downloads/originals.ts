import { createStore, useStore } from '../lib/store.ts'

/*
 * Images of the tasks started in this tab, to compare the results with and to run them again. A File is
 * no copy of its bytes and is not stored: it is gone after a reload.
 */

/** An image that a task was started with. */
export type Original =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'url'; readonly url: string }

/** Tasks whose images are kept; the oldest is dropped. */
const MAX_TASKS = 500

const originals = createStore<ReadonlyMap<string, readonly Original[]>>(new Map())

/** `images`: all images of the task, in order. */
export function keepOriginals(taskId: string, images: readonly Original[]): void {
  const others = [...originals.get()].filter(([id]) => id !== taskId)
  originals.set(new Map([...others.slice(1 - MAX_TASKS), [taskId, images]]))
}

const NONE: readonly Original[] = []

/** All images of a task; none if it was not started in this tab, or too long ago. */
export const originalsOf = (taskId: string): readonly Original[] =>
  originals.get().get(taskId) ?? NONE

export const useOriginals = (taskId: string): readonly Original[] =>
  useStore(originals).get(taskId) ?? NONE

/** The file that a task was started with; null if it is not at hand, or is one of several. */
export function useOriginalFile(taskId: string): File | null {
  const [only, ...others] = useOriginals(taskId)
  return only?.kind === 'file' && others.length === 0 ? only.file : null
}

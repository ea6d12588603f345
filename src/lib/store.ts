import { useSyncExternalStore } from 'react'
import type { TextFormat } from '../../core/lib/parse-json.ts'
import { siteTexts } from './browser/texts.ts'

/** A readable value that changes. */
export interface Readable<T> {
  /** Keeps its identity until the value changes. */
  readonly get: () => T
  /** Calls back after each change. Returns a function to stop. */
  readonly subscribe: (listener: () => void) => () => void
}

export interface Store<T> extends Readable<T> {
  readonly set: (value: T) => void
  readonly change: (step: (value: T) => T) => void
}

/** `schedule` may delay or coalesce the notification of listeners. */
export function createStore<T>(
  initial: T,
  schedule: (notify: () => void) => () => void = (notify) => notify,
): Store<T> {
  const listeners = new Set<() => void>()
  let value = initial
  const notify = schedule(() => {
    for (const listener of listeners) listener()
  })
  const set = (next: T) => {
    value = next
    notify()
  }
  return {
    get: () => value,
    set,
    change: (step) => set(step(value)),
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** Value of a store; a change re-renders the component. Also works without a browser (tests). */
export const useStore = <T>({ get, subscribe }: Readable<T>): T =>
  useSyncExternalStore(subscribe, get, get)

/**
 * A store shared by all tabs that survives reloads and crashes, in localStorage. If storage is
 * denied or full, this tab keeps the value in memory. `change` reads, updates and writes in one
 * step, so that no change of another tab is lost.
 */
export function persisted<T>(name: string, initial: T, { parse, format }: TextFormat<T>): Store<T> {
  const store = createStore(initial)
  let value = initial
  let text: string | null = null
  const get = (): T => {
    const stored = siteTexts.get(name)
    if (stored !== text) {
      text = stored
      value = parse(stored) ?? value
    }
    return value
  }
  const set = (next: T) => {
    value = next
    text = format(next)
    siteTexts.set(name, text)
    store.set(next)
  }
  return {
    get,
    set,
    change: (step) => set(step(get())),
    subscribe(listener) {
      const onStorage = ({ key }: StorageEvent) => {
        if (key === name) listener()
      }
      const stop = store.subscribe(listener)
      addEventListener('storage', onStorage)
      return () => {
        stop()
        removeEventListener('storage', onStorage)
      }
    },
  }
}

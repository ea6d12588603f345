import { siteTexts } from './browser/texts.ts'
import { parseJson } from './parse-json.ts'

/*
 * A value that all tabs share and that outlives reloads and crashes, in localStorage. Where storage is
 * denied or full, this tab keeps it in memory; a text that makes no sense changes nothing.
 */

export interface SharedValue<T> {
  /** The same object until the value changes. */
  readonly get: () => T
  /** Reads, changes and writes at once, so that no other tab's change gets lost in between. */
  readonly change: (step: (value: T) => T) => void
  /** Calls back when this or another tab changed it. Returns the way to stop. */
  readonly subscribe: (listener: () => void) => () => void
}

/** `parse`: the door for what lies in storage; null for what makes no sense. */
export function sharedValue<T>(
  name: string,
  initial: T,
  parse: (json: unknown) => T | null,
): SharedValue<T> {
  const listeners = new Set<() => void>()
  let memory = initial
  let text: string | null = null

  const get = (): T => {
    const stored = siteTexts.get(name)
    if (stored === null || stored === text) return memory
    text = stored
    memory = parse(parseJson(stored)) ?? memory
    return memory
  }
  const notify = () => {
    for (const listener of listeners) listener()
  }
  const changedElsewhere = (event: StorageEvent) => {
    if (event.key === name) notify()
  }

  return {
    get,
    change(step) {
      memory = step(get())
      text = JSON.stringify(memory)
      siteTexts.set(name, text)
      notify()
    },
    subscribe(listener) {
      if (listeners.size === 0) addEventListener('storage', changedElsewhere)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) removeEventListener('storage', changedElsewhere)
      }
    },
  }
}

import * as v from 'valibot'
import { type Allowance, fullAllowance } from './budget.ts'

/*
 * What all tabs of a key share and what outlives reloads and crashes: the allowance and whether
 * asking is paused. Kept in localStorage under the key's hash; it holds times and numbers, no key.
 */

export interface Shared {
  readonly allowance: Allowance
  /** The person stopped all questions by themselves. */
  readonly paused: boolean
}

const schema: v.GenericSchema<unknown, Shared> = v.object({
  allowance: v.object({
    limit: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
    windowMs: v.pipe(v.number(), v.minValue(1000), v.maxValue(7 * 24 * 3_600_000)),
    sent: v.pipe(v.array(v.number()), v.maxLength(100_000)),
    refusal: v.nullable(v.object({ at: v.number(), until: v.number() })),
    ceiling: v.nullable(v.object({ limit: v.number(), until: v.number() })),
  }),
  paused: v.boolean(),
})

export interface SharedState {
  readonly get: () => Shared
  /** Reads, changes and writes at once, so that no other tab's change gets lost in between. */
  readonly change: (step: (shared: Shared) => Shared) => void
  /** Calls back when this or another tab changed it. Returns the way to stop. */
  readonly subscribe: (listener: () => void) => () => void
}

export function sharedState(keyHash: string): SharedState {
  const name = `loupe:asking:${keyHash}`
  const listeners = new Set<() => void>()
  // Where storage is denied this tab counts for itself; a garbled text starts anew.
  let memory: Shared = { allowance: fullAllowance(), paused: false }
  let text: string | null = null

  const get = (): Shared => {
    const stored = read(name)
    if (stored === null || stored === text) return memory
    text = stored
    memory = parse(stored) ?? memory
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
      write(name, text)
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

function parse(text: string): Shared | null {
  try {
    const parsed = v.safeParse(schema, JSON.parse(text))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

function write(name: string, text: string): void {
  try {
    localStorage.setItem(name, text)
  } catch {
    // Full or denied: this tab still counts, in memory.
  }
}

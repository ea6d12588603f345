import { HOUR } from '../../src/lib/units.ts'
import { type Coordinator, type CoordinatorOptions, createCoordinator } from './coordinator.ts'

/** One coordinator for each key, by a keyed hash of it. */
export interface Coordinators {
  readonly of: (keyHash: string) => Coordinator
  readonly size: () => number
}

const MOST_KEYS = 1000

/** Then no question is left that its allowance still counts. */
const IDLE_AFTER = HOUR

/**
 * Those that nobody used for an hour go, and beyond `mostKeys` the one that was used longest ago;
 * but none that waits for an answer.
 */
export function createCoordinators(
  options: CoordinatorOptions,
  mostKeys = MOST_KEYS,
): Coordinators {
  /** The least recently used first. */
  const held = new Map<string, { readonly coordinator: Coordinator; readonly usedAt: number }>()

  /** Never that of `used`: it would count beside the one that is made for the next who comes. */
  function makeRoom(used: string): void {
    for (const [keyHash, { coordinator, usedAt }] of held) {
      if (keyHash === used) return
      const isIdle = usedAt <= options.now() - IDLE_AFTER
      if (!isIdle && held.size <= mostKeys) return
      if (!coordinator.isBusy()) held.delete(keyHash)
    }
  }

  return {
    of(keyHash) {
      const coordinator = held.get(keyHash)?.coordinator ?? createCoordinator(options)
      held.delete(keyHash)
      held.set(keyHash, { coordinator, usedAt: options.now() })
      makeRoom(keyHash)
      return coordinator
    },
    size: () => held.size,
  }
}

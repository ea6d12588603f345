import { createHmac, hash as digest, randomBytes } from 'node:crypto'
import { HOUR } from '../../src/lib/units.ts'
import { type Coordinator, type CoordinatorOptions, createCoordinator } from './coordinator.ts'
import type { KeyState, KeyStore } from './key-store.ts'

/** One coordinator for each key. Of the key itself only a hash is kept, which no other process can make. */
export interface Coordinators {
  readonly of: (key: string, url?: string) => Coordinator
  readonly size: () => number
  /** What they remember, roughly. */
  readonly bytes: () => number
}

type Given = Omit<CoordinatorOptions, 'mostTasks' | 'onGrowth' | 'onChange' | 'kept'>

export interface CoordinatorsOptions extends Given {
  /** What is asked under different origins of this server is kept apart, as links to files are there. */
  readonly apart?: boolean
  /** Where what is known of keys outlives them, under hashes by `secret`. */
  readonly keys?: KeyStore
  readonly secret?: Uint8Array
  /** Is told why something could not be kept. */
  readonly onFault?: (error: unknown) => void
  readonly mostKeys?: number
  readonly mostBytes?: number
}

const MOST_KEYS = 1000
const MOST_BYTES = 256 * 1024 * 1024

/** Nobody looks any more who was told when to come back, unless the allowance is held back for longer. */
const IDLE_AFTER = HOUR

interface Held {
  readonly coordinator: Coordinator
  readonly usedAt: number
}

/**
 * Those that nobody used for an hour go, and beyond `mostKeys` the one that was used longest ago:
 * first of those whose key the API never took, so that made-up keys displace no allowance that is
 * counted. None goes that waits for an answer, nor for being idle while its allowance is not full.
 * Beyond `mostBytes` tasks are forgotten, in the same order.
 */
export function createCoordinators({
  apart = false,
  keys,
  secret = randomBytes(32),
  onFault = () => undefined,
  mostKeys = MOST_KEYS,
  mostBytes = MOST_BYTES,
  ...options
}: CoordinatorsOptions): Coordinators {
  // A secret before the key makes a keyed hash where nobody learns of one that could be lengthened, as
  // here, and costs a tenth of an HMAC, which each answer from memory would pay.
  const prefix = randomBytes(32).toString('base64url')
  const hashOf = (key: string) => digest('sha256', prefix + key, 'base64url')
  /** The least recently used first. */
  const held = new Map<string, Held>()
  let bytes = 0
  const onGrowth = (growth: number) => {
    bytes += growth
  }

  /** What cannot be kept is counted all the same, until the process ends. */
  function keeping<T>(work: () => T): T | null {
    try {
      return work()
    } catch (error) {
      onFault(error)
      return null
    }
  }

  function begin(key: string): Coordinator {
    const id = createHmac('sha256', secret).update(key).digest('base64url')
    return createCoordinator({
      ...options,
      onGrowth,
      kept: keeping(() => keys?.find(id)) ?? null,
      onChange: (state: KeyState) => void keeping(() => keys?.keep(id, state)),
    })
  }

  function drop(hash: string, { coordinator }: Held): void {
    if (coordinator.isBusy()) return
    while (coordinator.forgetOne());
    held.delete(hash)
  }

  /** Never that of `used`: it would count beside the one that is made for the next who comes. */
  function makeRoom(used: string): void {
    for (const [hash, one] of held) {
      if (hash === used || one.usedAt > options.now() - IDLE_AFTER) break
      if (one.coordinator.isFull()) drop(hash, one)
    }
    if (held.size > mostKeys) dropOthers(used)
    if (bytes > mostBytes) forgetTasks()
  }

  function dropOthers(used: string): void {
    const others = [...held].filter(([hash]) => hash !== used)
    const madeUp = others.filter(([, { coordinator }]) => !coordinator.isAccepted())
    for (const [hash, one] of [...madeUp, ...others]) {
      if (held.size <= mostKeys) return
      if (held.has(hash)) drop(hash, one)
    }
  }

  function forgetTasks(): void {
    const madeUp = [...held.values()].filter(({ coordinator }) => !coordinator.isAccepted())
    for (const { coordinator } of [...madeUp, ...held.values()]) {
      while (bytes > mostBytes && coordinator.forgetOne());
    }
  }

  return {
    of(key, url) {
      // No key has a space in it.
      const name = apart && url !== undefined ? `${key} ${new URL(url).origin}` : key
      const hash = hashOf(name)
      const coordinator = held.get(hash)?.coordinator ?? begin(name)
      held.delete(hash)
      held.set(hash, { coordinator, usedAt: options.now() })
      makeRoom(hash)
      return coordinator
    },
    size: () => held.size,
    bytes: () => bytes,
  }
}

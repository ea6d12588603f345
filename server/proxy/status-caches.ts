import { createHmac, hash as digest, randomBytes } from 'node:crypto'
import { LruMap } from '../../core/lib/lru-map.ts'
import { HOUR } from '../../core/lib/units.ts'
import type { KeyState, KeyStore } from './key-store.ts'
import { createStatusCache, type StatusCache, type StatusCacheOptions } from './status-cache.ts'

/** One status cache per key. Stores only a hash of the key, which no other process can compute. */
export interface StatusCaches {
  readonly of: (key: string, url?: string) => StatusCache
  readonly size: () => number
  /** Approximate size of the stored tasks. */
  readonly bytes: () => number
}

type SharedOptions = Omit<StatusCacheOptions, 'maxTasks' | 'onGrowth' | 'onChange' | 'stored'>

export interface StatusCachesOptions extends SharedOptions {
  /** Separates requests by the origin they used, because links to files depend on it. */
  readonly byOrigin?: boolean
  /** Persistent state of keys, under hashes keyed with `secret`. */
  readonly keys?: KeyStore
  readonly secret?: Uint8Array
  /** Called with the error when something can't be stored. */
  readonly onError?: (error: unknown) => void
  readonly maxKeys?: number
  readonly maxBytes?: number
}

const MAX_KEYS = 1000
const MAX_BYTES = 256 * 1024 * 1024

/** By then every client has returned at its announced time or left, unless the quota is blocked longer. */
const IDLE_AFTER = HOUR

interface Entry {
  readonly statusCache: StatusCache
  readonly usedAt: number
}

/**
 * Evicts caches unused for an hour, and beyond `maxKeys` the least recently used: first those whose
 * key the API never accepted, so that made-up keys displace no counted quota. Keeps any cache that
 * waits for a response, and an idle one while its quota is partly used. Beyond `maxBytes`, evicts
 * tasks in the same order.
 */
export function createStatusCaches({
  byOrigin = false,
  keys,
  secret = randomBytes(32),
  onError = () => undefined,
  maxKeys = MAX_KEYS,
  maxBytes = MAX_BYTES,
  ...options
}: StatusCachesOptions): StatusCaches {
  // A secret prefix is a safe keyed hash here, since no hash gets out for a length extension attack. It
  // costs a tenth of an HMAC, and every response from memory needs one.
  const prefix = randomBytes(32).toString('base64url')
  const hashOf = (key: string) => digest('sha256', prefix + key, 'base64url')
  /** Least recently used first. */
  const caches = new LruMap<string, Entry>()
  let bytes = 0
  const onGrowth = (growth: number) => {
    bytes += growth
  }

  /** On a storage error the state stays in memory until the process ends. */
  function orNull<T>(work: () => T): T | null {
    try {
      return work()
    } catch (error) {
      onError(error)
      return null
    }
  }

  function create(key: string): StatusCache {
    const id = createHmac('sha256', secret).update(key).digest('base64url')
    return createStatusCache({
      ...options,
      onGrowth,
      stored: orNull(() => keys?.get(id)) ?? null,
      onChange: (state: KeyState) => void orNull(() => keys?.set(id, state)),
    })
  }

  function evict(hash: string, { statusCache }: Entry): void {
    if (statusCache.hasInFlight()) return
    while (statusCache.evictOne());
    caches.delete(hash)
  }

  /** Never evicts `used`: the next request would create a second cache counting beside it. */
  function makeRoom(used: string): void {
    for (const [hash, one] of caches) {
      if (hash === used || one.usedAt > options.now() - IDLE_AFTER) break
      if (one.statusCache.quotaUnused()) evict(hash, one)
    }
    if (caches.size <= maxKeys && bytes <= maxBytes) return
    const unaccepted = [...caches].filter(([, { statusCache }]) => !statusCache.keyAccepted())
    const evictionOrder = [...unaccepted, ...caches]
    for (const [hash, one] of evictionOrder) {
      if (caches.size > maxKeys && hash !== used && caches.has(hash)) evict(hash, one)
    }
    for (const [, { statusCache }] of evictionOrder) {
      while (bytes > maxBytes && statusCache.evictOne());
    }
  }

  return {
    of(key, url) {
      // No key has a space in it.
      const name = byOrigin && url !== undefined ? `${key} ${new URL(url).origin}` : key
      const hash = hashOf(name)
      const statusCache = caches.get(hash)?.statusCache ?? create(name)
      caches.set(hash, { statusCache, usedAt: options.now() })
      makeRoom(hash)
      return statusCache
    },
    size: () => caches.size,
    bytes: () => bytes,
  }
}

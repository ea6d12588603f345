import type { Context, MiddlewareHandler } from 'hono'
import { LruMap } from '../../core/lib/lru-map.ts'
import { MINUTE, SECOND } from '../../core/lib/units.ts'
import { countedAs } from './client-address.ts'
import { problem } from './problem.ts'

/* Web standards only, no timer: runs wherever the app does. */

/** Milliseconds until this address may send a request; 0: this one is allowed and counted. */
export type RequestLimit = (address: string) => number

/** Beyond this the least recently used address is evicted. About 3 MB. */
const MAX_ADDRESSES = 20_000

/** Tokens per request. `perMinute` tokens return each millisecond, so all numbers are integers. */
const COST = MINUTE

interface Bucket {
  /** Tokens missing from a full bucket at `at`. */
  readonly missing: number
  readonly at: number
}

/** One token bucket per address. A rejected request costs nothing, so that waiting helps. */
export function createRequestLimit({
  perMinute,
  now,
  mostAddresses = MAX_ADDRESSES,
}: {
  /** A positive integer: the burst size, and the refill per minute. */
  readonly perMinute: number
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly mostAddresses?: number
}): RequestLimit {
  const capacity = COST * perMinute
  const buckets = new LruMap<string, Bucket>(mostAddresses)

  return (text) => {
    const address = countedAs(text)
    const at = now()
    const before = buckets.get(address) ?? { missing: 0, at }
    // A clock that was set back neither adds nor removes tokens.
    const missing = Math.max(0, before.missing - Math.max(0, at - before.at) * perMinute)
    const lacking = missing + COST - capacity
    buckets.set(address, { missing: lacking > 0 ? missing : missing + COST, at })
    return Math.max(0, Math.ceil(lacking / perMinute))
  }
}

export interface ClientLimit {
  readonly limit: RequestLimit
  /** The address that a request counts for; null: not limited. */
  readonly clientOf: (c: Context) => string | null
}

/** The limit for a setting, where null means no limit. */
export const clientLimit = (
  perMinute: number | null,
  clientOf: ClientLimit['clientOf'],
): ClientLimit | undefined =>
  perMinute === null
    ? undefined
    : { limit: createRequestLimit({ perMinute, now: Date.now }), clientOf }

/** Rejects requests over the limit before any work is done. */
export const limitRequests =
  ({ limit, clientOf }: ClientLimit): MiddlewareHandler =>
  async (c, next) => {
    const client = clientOf(c)
    const waitMs = client === null ? 0 : limit(client)
    if (waitMs === 0) return next()
    return problem('TOO_MANY_REQUESTS', {
      'Retry-After': String(Math.ceil(waitMs / SECOND)),
      'Cache-Control': 'no-store',
    })
  }

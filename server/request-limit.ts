import type { Context, MiddlewareHandler } from 'hono'
import { MINUTE, SECOND } from '../src/lib/units.ts'
import { countedAs } from './client-address.ts'
import { problem } from './gateway/problem.ts'

/* Web-standard parts only, no timer: it runs wherever the app does. */

export interface RequestLimitOptions {
  /** A whole number above 0: so many at once, and so many again in each minute. */
  readonly perMinute: number
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Addresses that are remembered. Of more, the one that asked longest ago is forgotten. */
  readonly mostAddresses?: number
}

/** Milliseconds until the next request of this address is allowed; 0: this one is, and is counted. */
export type RequestLimit = (address: string) => number

/** About 3 MB. */
const MOST_ADDRESSES = 20_000

/** Requests are counted in parts that come back one per millisecond and request: whole numbers only. */
const COST = MINUTE

interface Bucket {
  /** What is missing from a full one, at `at`. */
  readonly missing: number
  readonly at: number
}

/** A token bucket an address. A refused request costs nothing, so that waiting helps. */
export function createRequestLimit({
  perMinute,
  now,
  mostAddresses = MOST_ADDRESSES,
}: RequestLimitOptions): RequestLimit {
  const capacity = COST * perMinute
  /** The one that asked last comes last. */
  const buckets = new Map<string, Bucket>()

  return (text) => {
    const address = countedAs(text)
    const at = now()
    const before = buckets.get(address) ?? { missing: 0, at }
    // A clock that was set back gives nothing, and takes nothing.
    const missing = Math.max(0, before.missing - Math.max(0, at - before.at) * perMinute)
    const lacking = missing + COST - capacity
    buckets.delete(address)
    buckets.set(address, { missing: lacking > 0 ? missing : missing + COST, at })
    const [oldest] = buckets.keys()
    if (buckets.size > mostAddresses && oldest !== undefined) buckets.delete(oldest)
    return Math.max(0, Math.ceil(lacking / perMinute))
  }
}

export interface ClientLimit {
  readonly limit: RequestLimit
  /** The address that a request is counted for; null: none, it is not limited. */
  readonly clientOf: (c: Context) => string | null
}

/** The limit of a setting, where null is without one. */
export const clientLimit = (
  perMinute: number | null,
  clientOf: ClientLimit['clientOf'],
): { readonly clientLimit?: ClientLimit } =>
  perMinute === null
    ? {}
    : { clientLimit: { limit: createRequestLimit({ perMinute, now: Date.now }), clientOf } }

/** Refuses what is over the limit, before anything is done for it. */
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

import type { RateLimit } from '../api/rate-limit.ts'
import { DAY, SECOND } from '../lib/units.ts'

/* One request limit, as pure functions. The kind of window is not documented, so the log is read as sliding. */

export interface Limit {
  /** Requests per window; null: no known limit. */
  readonly limit: number | null
  readonly windowMs: number
  /** Send times of the last window's requests (epoch ms), ascending. */
  readonly sent: readonly number[]
}

/** When further requests may be sent, assuming no others are. */
export interface Capacity {
  /** Maximum requests per window; Infinity: no limit. */
  readonly max: number
  /** Milliseconds until a sent request no longer counts. */
  readonly cycle: number
  /** Earliest time for the next request after those sent at the times in `ahead`. */
  after(ahead: readonly number[]): number
  /** Number of requests that may be sent up to a time. */
  by(at: number): number
}

/**
 * Safety margin: round trips vary, so requests can arrive closer together than they were sent. Short
 * windows get less, because a 429 costs little there.
 */
const MAX_GUARD = 3_000

/** Time until a sent request no longer counts. */
export const cycleOf = (windowMs: number): number => windowMs + Math.min(MAX_GUARD, windowMs / 4)

/**
 * The log without entries that no longer count. If the clock was moved back, entries in the future count
 * as now, and entries more than a window ahead are dropped as invalid.
 */
export const settledLog = ({ sent, windowMs }: Limit, now: number): readonly number[] =>
  sent
    .filter((at) => at > now - cycleOf(windowMs) && at <= now + windowMs)
    .map((at) => Math.min(at, now))
    .sort((a, b) => a - b)

/** Capacity of a pruned limit from a time on, of which `max` requests may be spent. */
export function capacityIn({ windowMs, sent }: Limit, max: number, from: number): Capacity {
  const cycle = cycleOf(windowMs)
  return {
    max,
    cycle,
    after(ahead) {
      if (max === 0) return Number.POSITIVE_INFINITY
      // Once the log is full, a request has to wait until the one `max` places before it leaves.
      const place = ahead.length - max
      const makesRoom = place < 0 ? sent[sent.length + place] : ahead[place]
      return makesRoom === undefined ? from : Math.max(from, makesRoom + cycle)
    },
    by(at) {
      if (at < from) return 0
      // Each slot becomes free at some time, and again one cycle after each use.
      const uses = (free: number) => (free > at ? 0 : 1 + Math.floor((at - free) / cycle))
      return sent
        .slice(-max)
        .reduce(
          (sum, one) => sum + uses(Math.max(from, one + cycle)),
          Math.max(0, max - sent.length) * uses(from),
        )
    },
  }
}

/** Plausible window lengths. */
const MIN_WINDOW = SECOND
const MAX_WINDOW = 7 * DAY

/** Higher values are nonsense or effectively no limit, and the log would grow as long. */
const isCount = (value: number | null): value is number =>
  value !== null && Number.isInteger(value) && value >= 0 && value <= 100_000

/**
 * The limit that the headers (`reported`) describe, with the requests already sent under it: a `known` one
 * (`same`) or a new one. `known` begins with our own. Null if the headers are unusable. A limit of 0 is
 * ignored: no request would ever be sent that could correct it. `isGuess`: only the remaining count was
 * reported.
 */
export function resolveLimit(
  reported: RateLimit,
  known: readonly [Limit, ...Limit[]],
  now: number,
): { readonly quota: Limit; readonly same: Limit | null; readonly isGuess: boolean } | null {
  const [own] = known
  const limit = isCount(reported.limit) && reported.limit > 0 ? reported.limit : null
  const same = known.find((one) =>
    reported.windowMs === null
      ? one.limit !== null && one.limit === limit
      : one.windowMs === reported.windowMs,
  )
  // A window is at least as long as the time until its reset, and at least ours if its limit is higher.
  // If its length stays unknown, a 429 will reveal it.
  const isMore = limit !== null && own.limit !== null && limit >= own.limit
  const guess = Math.max(
    same?.windowMs ?? 0,
    reported.resetAt === null ? 0 : reported.resetAt - now,
    isMore ? own.windowMs : 0,
  )
  if (reported.windowMs === null && guess === 0) return null
  const windowMs = Math.min(MAX_WINDOW, Math.max(MIN_WINDOW, reported.windowMs ?? guess))
  const sent = settledLog({ ...(same ?? own), windowMs }, now)
  if (limit === null && !isCount(reported.remaining)) return null
  const quota = {
    limit: limit ?? Math.max(1, (reported.remaining ?? 0) + sent.length),
    windowMs,
    sent,
  }
  return { quota, same: same ?? null, isGuess: limit === null }
}

/**
 * If fewer remain than we count, other clients use the key: their requests join the log, dated so that
 * they expire when the window resets. If more remain (`frees`), the server uses another kind of window:
 * the oldest leave the log, except requests that it may not have received yet.
 */
export function withRemaining(
  quota: Limit,
  { limit: reportedLimit, remaining, resetAt }: RateLimit,
  now: number,
  frees: boolean,
): Limit {
  const { limit, windowMs, sent } = quota
  if (limit === null || !isCount(remaining)) return quota
  const returnAt = Math.min(Math.max(resetAt ?? now + windowMs, now), now + windowMs)
  const unseen = Math.max(0, limit - remaining - sent.length)
  const others = Array<number>(unseen).fill(returnAt - windowMs)
  const counted =
    frees && isCount(reportedLimit) ? Math.max(0, reportedLimit - remaining) : sent.length
  const onTheirWay = sent.filter((at) => at > now - MAX_GUARD).length
  const kept = sent.slice(Math.max(0, sent.length - Math.max(counted, onTheirWay)))
  return { ...quota, sent: [...others, ...kept].sort((a, b) => a - b) }
}

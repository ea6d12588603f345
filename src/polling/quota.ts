import { DAY, SECOND } from '../lib/units.ts'
import type { RateLimit } from '../upscayl/rate-limit.ts'

/* One limit of questions, pure. What kind of window a server counts in is not documented, so the log is read as sliding. */

export interface Quota {
  /** Questions in a window; null: no limit is known. */
  readonly limit: number | null
  readonly windowMs: number
  /** When each question of the last window was sent (epoch ms), ascending. */
  readonly sent: readonly number[]
}

/** When further questions may be sent if no others are. */
export interface Room {
  /** The most that are sent in a window; Infinity: no limit. */
  readonly most: number
  /** Until a question that was sent counts no more, ms. */
  readonly cycle: number
  /** The earliest time for the question after the `ahead.length` that are sent at these times. */
  after(ahead: readonly number[]): number
  /** How many may be sent up to a time. */
  by(at: number): number
}

/**
 * Round trips vary, so questions can arrive closer together than they were sent. In a short window they
 * may: a 429 costs little there.
 */
const LONGEST_GUARD = 3_000

/** Until a question that was sent counts no more. */
export const cycleOf = (windowMs: number): number =>
  windowMs + Math.min(LONGEST_GUARD, windowMs / 4)

/**
 * The log without what counts no more. After the clock was moved back, what lies ahead of it is taken to
 * happen now, and what lies more than a window ahead to be no time of ours.
 */
export const settledLog = ({ sent, windowMs }: Quota, now: number): readonly number[] =>
  sent
    .filter((at) => at > now - cycleOf(windowMs) && at <= now + windowMs)
    .map((at) => Math.min(at, now))
    .sort((a, b) => a - b)

/** The room in a settled quota, of which `most` may be spent, from a time on. */
export function roomIn({ windowMs, sent }: Quota, most: number, from: number): Room {
  const cycle = cycleOf(windowMs)
  return {
    most,
    cycle,
    after(ahead) {
      if (most === 0) return Number.POSITIVE_INFINITY
      // Once the log is full, a question needs the one `most` places before it to be out of it.
      const place = ahead.length - most
      const makesRoom = place < 0 ? sent[sent.length + place] : ahead[place]
      return makesRoom === undefined ? from : Math.max(from, makesRoom + cycle)
    },
    by(at) {
      if (at < from) return 0
      // Each place is free from some time on, and again a cycle after each use.
      const uses = (free: number) => (free > at ? 0 : 1 + Math.floor((at - free) / cycle))
      return sent
        .slice(-most)
        .reduce(
          (sum, one) => sum + uses(Math.max(from, one + cycle)),
          Math.max(0, most - sent.length) * uses(from),
        )
    },
  }
}

/** Windows that can be meant. */
const SHORTEST = SECOND
const LONGEST = 7 * DAY

/** What is above is nonsense, or as good as no limit, and the log would grow as long. */
const isCount = (value: number | null): value is number =>
  value !== null && Number.isInteger(value) && value >= 0 && value <= 100_000

/**
 * The quota that is meant by what was said, with what is known to be sent under it: one that is `known`
 * already (`same`), or a new one. `known` begins with our own. Null where nothing can be made of it. A
 * limit of 0 is none: then no question would ever be sent that could be told otherwise. `isGuess`: only
 * what is left was said.
 */
export function quotaOf(
  said: RateLimit,
  known: readonly [Quota, ...Quota[]],
  now: number,
): { readonly quota: Quota; readonly same: Quota | null; readonly isGuess: boolean } | null {
  const [own] = known
  const limit = isCount(said.limit) && said.limit > 0 ? said.limit : null
  const same = known.find((one) =>
    said.windowMs === null
      ? one.limit !== null && one.limit === limit
      : one.windowMs === said.windowMs,
  )
  // A window is as long as it still takes to end, or longer, and that of more than ours as long as ours.
  // Where nothing tells it, a 429 will.
  const isMore = limit !== null && own.limit !== null && limit >= own.limit
  const guess = Math.max(
    same?.windowMs ?? 0,
    said.resetAt === null ? 0 : said.resetAt - now,
    isMore ? own.windowMs : 0,
  )
  if (said.windowMs === null && guess === 0) return null
  const windowMs = Math.min(LONGEST, Math.max(SHORTEST, said.windowMs ?? guess))
  const sent = settledLog({ ...(same ?? own), windowMs }, now)
  if (limit === null && !isCount(said.remaining)) return null
  const quota = { limit: limit ?? Math.max(1, (said.remaining ?? 0) + sent.length), windowMs, sent }
  return { quota, same: same ?? null, isGuess: limit === null }
}

/**
 * If fewer remain than we count, others asked: their questions join the log, dated so that they return
 * when the window starts anew. If more do (`frees`), the server counts in another kind of window: the
 * oldest leave the log, but for what it may not have seen yet.
 */
export function withRemaining(
  quota: Quota,
  { limit: saidLimit, remaining, resetAt }: RateLimit,
  now: number,
  frees: boolean,
): Quota {
  const { limit, windowMs, sent } = quota
  if (limit === null || !isCount(remaining)) return quota
  const returnAt = Math.min(Math.max(resetAt ?? now + windowMs, now), now + windowMs)
  const unseen = Math.max(0, limit - remaining - sent.length)
  const others = Array<number>(unseen).fill(returnAt - windowMs)
  const counted = frees && isCount(saidLimit) ? Math.max(0, saidLimit - remaining) : sent.length
  const onTheirWay = sent.filter((at) => at > now - LONGEST_GUARD).length
  const kept = sent.slice(Math.max(0, sent.length - Math.max(counted, onTheirWay)))
  return { ...quota, sent: [...others, ...kept].sort((a, b) => a - b) }
}

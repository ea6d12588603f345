import { HOUR } from '../lib/units.ts'
import type { Understood } from '../upscayl/read-answer.ts'
import { type Asked, heldUntil, type Outage, outageAfter, outageAt, tryHost } from './outage.ts'

/**
 * The allowance: how many questions a key may still ask. Every function is a pure step from a state
 * and a time; all times are epoch milliseconds.
 *
 * What kind of window the server counts in is not documented. Whatever keeps a limit in every
 * sliding window keeps it in fixed and in aligned ones too, so the log below is read as sliding.
 */

/** Plain JSON, so that it can be persisted and shared by tabs. */
export interface Allowance {
  /** Questions in a window; null: no limit is known. */
  readonly limit: number | null
  readonly windowMs: number
  /** When each question of the last window was sent, ascending. */
  readonly sent: readonly number[]
  /** The 429 that still stops us. */
  readonly refusal: { readonly at: number; readonly until: number } | null
  /** A lower limit, learned from an early 429 and forgotten after `until`. */
  readonly ceiling: { readonly limit: number; readonly until: number } | null
  /** Nobody answers; null where the last question was answered. */
  readonly outage: Outage | null
}

/** What rate-limit headers say, each part as far as it was said. */
export interface RateFacts {
  readonly limit: number | null
  readonly remaining: number | null
  /** When the server's window starts anew. */
  readonly resetAt: number | null
}

/** When further questions may be sent if no others are. */
export interface Room {
  /** The most that are sent in a window; Infinity: no limit. */
  readonly most: number
  /** The earliest time for the question after the `ahead.length` that are sent at these times. */
  after(ahead: readonly number[]): number
  /** How many may be sent up to a time. */
  by(at: number): number
}

/** What a person wants to know of the allowance. */
export interface Standing {
  /** Questions that may be sent now; null: no limit. */
  readonly left: number | null
  /** When there will be one more than now; null: nothing is used. */
  readonly nextAt: number | null
  /** When everything is back; null: nothing is used. */
  readonly fullAt: number | null
  readonly blockedUntil: number | null
}

/** Round trips vary, so questions can arrive closer together than they were sent. */
const GUARD = 3_000

/** Never spent: room for a question that was not logged. */
const RESERVE = 2

/** The wait after a 429 that does not say how long. */
const UNEXPLAINED = 300_000

/** No 429 is believed to last longer. */
const LONGEST = 24 * HOUR

/** 100 an hour is what the older public API description states for get-task-status. */
export function fullAllowance(limit: number | null = 100, windowMs = HOUR): Allowance {
  return { limit, windowMs, sent: [], refusal: null, ceiling: null, outage: null }
}

/**
 * Forgets what no longer counts. After the clock was moved back, what lies ahead of it is taken to
 * happen now, and what lies more than a window ahead to be no time of ours.
 */
export function settle(allowance: Allowance, now: number): Allowance {
  const { windowMs, refusal, ceiling } = allowance
  const sent = allowance.sent
    .filter((at) => at > now - windowMs - GUARD && at <= now + windowMs)
    .map((at) => Math.min(at, now))
    .sort((a, b) => a - b)
  const ahead = Math.max(0, (refusal?.at ?? now) - now)
  const until = refusal && Math.min(refusal.until, refusal.at + LONGEST) - ahead
  return {
    ...allowance,
    sent,
    refusal: refusal && until && until > now ? { at: refusal.at - ahead, until } : null,
    ceiling:
      ceiling && ceiling.until > now
        ? { ...ceiling, until: Math.min(ceiling.until, now + 2 * windowMs) }
        : null,
    outage: outageAt(allowance.outage, now),
  }
}

export function room(allowance: Allowance, now: number): Room {
  const { windowMs, sent, refusal, ...limits } = settle(allowance, now)
  const most = mostInWindow(limits)
  const cycle = windowMs + GUARD
  const from = refusal?.until ?? now
  return {
    most,
    after(ahead) {
      if (most === 0) return Number.POSITIVE_INFINITY
      // Once the log is full, a question needs the one `most` places before it to be out of it.
      const place = ahead.length - most
      const makesRoom = place < 0 ? sent[sent.length + place] : ahead[place]
      return makesRoom === undefined ? from : Math.max(from, makesRoom + cycle)
    },
    by(at) {
      if (at < from) return 0
      const returned = sent.slice(-most).filter((one) => one + cycle <= at).length
      return Math.max(0, most - sent.length) + returned
    },
  }
}

/**
 * Takes one question: a wait of 0 means it is logged and may be sent, else ms until one may be. A
 * person's `wish` does not wait for a host that is down.
 */
export function take(allowance: Allowance, now: number, wish = false): [Allowance, wait: number] {
  const [tried, held] = goAhead(settle(allowance, now), now, wish)
  const wait = Math.max(held, room(tried, now).after([]) - now)
  return wait > 0 ? [settle(allowance, now), wait] : [{ ...tried, sent: [...tried.sent, now] }, 0]
}

/** The same where somebody else counts: only a host that is down is waited for, and nothing is logged. */
export function goAhead(
  allowance: Allowance,
  now: number,
  wish: boolean,
): [Allowance, wait: number] {
  const outage = outageAt(allowance.outage, now)
  const wait = wish ? 0 : Math.max(0, (heldUntil(outage) ?? now) - now)
  return wait > 0 || outage === null
    ? [allowance, wait]
    : [{ ...allowance, outage: tryHost(outage, now) }, 0]
}

/** What was taken at `sentAt` reached nobody: its place is free again. */
export function giveBack(allowance: Allowance, sentAt: number): Allowance {
  const place = allowance.sent.lastIndexOf(sentAt)
  return place < 0 ? allowance : { ...allowance, sent: allowance.sent.toSpliced(place, 1) }
}

/**
 * A 429 came at `now`; `retryAt` is when the server will answer again, if it said so. If it came
 * before our own count was full, others use the key: what got through is taken as the limit for two
 * windows, but never less than a quarter of it, for a log can be lost.
 */
export function refuse(allowance: Allowance, now: number, retryAt: number | null): Allowance {
  const settled = settle(allowance, now)
  const { limit, windowMs, sent } = settled
  const told = retryAt !== null && retryAt > now
  const until = told ? Math.min(retryAt, now + LONGEST) : now + UNEXPLAINED
  const through = Math.max(sent.length - 1, Math.ceil((limit ?? 0) / 4), 1)
  const early = through < mostInWindow(settled)
  const ceiling = early ? { limit: through, until: now + 2 * windowMs } : settled.ceiling
  return { ...settled, refusal: { at: now, until }, ceiling }
}

/** No question before `until`, whatever the reason, as Retry-After asks. */
export function hold(allowance: Allowance, now: number, until: number): Allowance {
  const settled = settle(allowance, now)
  return until > Math.max(now, settled.refusal?.until ?? now)
    ? { ...settled, refusal: { at: now, until: Math.min(until, now + LONGEST) } }
    : settled
}

/**
 * What an answer said about the limit, which replaces ours, but for 0: then no question would ever
 * be sent that could be told otherwise, and a key that has none is told so by 429s. If fewer remain
 * than we count, others asked: their questions join the log, dated so that they return when the
 * window starts anew.
 */
export function learn(allowance: Allowance, now: number, facts: RateFacts): Allowance {
  const settled = settle(allowance, now)
  const { windowMs, sent } = settled
  const limit = (isCount(facts.limit) && facts.limit) || settled.limit
  if (limit === null || !isCount(facts.remaining)) return { ...settled, limit }
  const returnAt = Math.min(Math.max(facts.resetAt ?? now + windowMs, now), now + windowMs)
  const unseen = Math.max(0, limit - facts.remaining - sent.length)
  const others = Array<number>(unseen).fill(returnAt - windowMs)
  return { ...settled, limit, sent: [...others, ...sent].sort((a, b) => a - b) }
}

/** The same of a server that all questions go through: what is logged here beyond its count never left it. */
function follow(allowance: Allowance, now: number, facts: RateFacts): Allowance {
  const learned = learn(allowance, now, facts)
  const used = (facts.limit ?? 0) - (facts.remaining ?? 0)
  return { ...learned, ceiling: null, sent: used > 0 ? learned.sent.slice(-used) : [] }
}

/** The allowance after an answer that came at `at`, as far as it said something of it. Pure. */
export function heed(
  allowance: Allowance,
  { result, rateLimit, notBefore, given }: Understood,
  at: number,
): Allowance {
  if (given !== null && rateLimit !== null) {
    const followed = follow(allowance, at, rateLimit)
    // Where some are left, the log says by itself when there is room.
    return rateLimit.remaining === 0 && notBefore !== null
      ? hold(followed, at, notBefore)
      : followed
  }
  if (!result.ok && result.error.kind === 'limited') {
    return refuse(allowance, at, result.error.until)
  }
  const learned = rateLimit === null ? allowance : learn(allowance, at, rateLimit)
  return notBefore === null ? learned : hold(learned, at, notBefore)
}

/** The allowance once it is known, at `at`, what came of a question that was taken at `sentAt`. Pure. */
export function conclude(
  allowance: Allowance,
  answer: Understood,
  asked: Asked & { readonly sentAt: number },
  at: number,
): Allowance {
  const heeded = answer.unsent ? giveBack(allowance, asked.sentAt) : heed(allowance, answer, at)
  return { ...heeded, outage: outageAfter(outageAt(allowance.outage, at), answer, asked, at) }
}

export function standing(allowance: Allowance, now: number): Standing {
  const { windowMs, sent, refusal } = settle(allowance, now)
  const { most, after, by } = room(allowance, now)
  const newest = sent[sent.length - 1]
  const limited = most < Number.POSITIVE_INFINITY
  const left = by(now)
  return {
    left: limited ? left : null,
    nextAt: limited && left < most ? after(Array<number>(left).fill(now)) : null,
    fullAt: limited && newest !== undefined ? newest + windowMs + GUARD : null,
    blockedUntil: refusal?.until ?? null,
  }
}

function mostInWindow({ limit, ceiling }: Pick<Allowance, 'limit' | 'ceiling'>): number {
  const least = Math.min(
    limit ?? Number.POSITIVE_INFINITY,
    ceiling?.limit ?? Number.POSITIVE_INFINITY,
  )
  return Math.max(Math.min(1, least), Math.floor(least) - RESERVE)
}

/** What is above is nonsense, or as good as no limit, and the log would grow as long. */
function isCount(value: number | null): value is number {
  return value !== null && Number.isInteger(value) && value >= 0 && value <= 100_000
}

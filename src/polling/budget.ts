import { HOUR } from '../lib/units.ts'
import type { RateLimit } from '../upscayl/rate-limit.ts'
import type { Understood } from '../upscayl/read-answer.ts'
import { type Asked, heldUntil, type Outage, outageAfter, outageAt, tryHost } from './outage.ts'
import {
  cycleOf,
  type Quota,
  quotaOf,
  type Room,
  roomIn,
  settledLog,
  withRemaining,
} from './quota.ts'

/**
 * The allowance: how many questions a key may still ask. Every function is a pure step from a state
 * and a time; all times are epoch milliseconds.
 *
 * What kind of window the server counts in is not documented. Whatever keeps a limit in every
 * sliding window keeps it in fixed and in aligned ones too, so the log below is read as sliding.
 */

/** Our own quota, and what stops us beside it. Plain JSON, so that it can be persisted and shared by tabs. */
export interface Allowance extends Quota {
  /** The 429 that still stops us. */
  readonly refusal: { readonly at: number; readonly until: number } | null
  /** A lower limit, learned from an early 429 and forgotten after `until`. */
  readonly ceiling: { readonly limit: number; readonly until: number } | null
  /** That answers tell of limits, which holds `until` then; `beside`: those that hold beside ours. */
  readonly stated: { readonly until: number; readonly beside: readonly Quota[] } | null
  /** Nobody answers; null where the last question was answered. */
  readonly outage: Outage | null
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
  /** Which limit that is: where none is left, the one that opens last, else the one that gives the least by the hour. */
  readonly limit: number | null
  readonly windowMs: number
  /** What a server that counts the same would call left of it: none is kept in reserve. */
  readonly remaining: number
}

/** Never spent: room for a question that was not logged. What an API counts itself needs none. */
const RESERVE = 2

/** The wait after a 429 that does not say how long. */
const UNEXPLAINED = 300_000

/** No answer is believed to tell of more. */
export const MOST_LIMITS = 8

/** No 429 is believed to last longer. */
const LONGEST = 24 * HOUR

/** 100 an hour is what the older public API description states for get-task-status. */
export function fullAllowance(limit: number | null = 100, windowMs = HOUR): Allowance {
  return { limit, windowMs, sent: [], refusal: null, ceiling: null, stated: null, outage: null }
}

/** Forgets what no longer counts (settledLog). */
export function settle(allowance: Allowance, now: number): Allowance {
  const { windowMs, refusal, ceiling, stated } = allowance
  const ahead = Math.max(0, (refusal?.at ?? now) - now)
  const until = refusal && Math.min(refusal.until, refusal.at + LONGEST) - ahead
  return {
    ...allowance,
    sent: settledLog(allowance, now),
    refusal: refusal && until && until > now ? { at: refusal.at - ahead, until } : null,
    ceiling:
      ceiling && ceiling.until > now
        ? { ...ceiling, until: Math.min(ceiling.until, now + 2 * windowMs) }
        : null,
    stated:
      stated && stated.until > now
        ? {
            until: Math.min(stated.until, statedUntil(stated.beside, now)),
            beside: stated.beside.map((one) => ({ ...one, sent: settledLog(one, now) })),
          }
        : null,
    outage: outageAt(allowance.outage, now),
  }
}

/** Servers change what they say, or say it no more. */
const statedUntil = (beside: readonly Quota[], now: number): number =>
  now + 2 * Math.max(HOUR, ...beside.map(({ windowMs }) => windowMs))

/** When questions may be sent; `by` and `most` are of our own quota, with the others beside it. */
export function room(
  allowance: Allowance,
  now: number,
): Room & { readonly beside: readonly Room[] } {
  const settled = settle(allowance, now)
  const from = settled.refusal?.until ?? now
  const beside = besideOf(settled).map((one) => roomIn(one, one.limit ?? Infinity, from))
  const own = roomIn(settled, mostOf(settled), from)
  const after = (ahead: readonly number[]) =>
    Math.max(own.after(ahead), ...beside.map((one) => one.after(ahead)))
  return { ...own, after, beside }
}

/**
 * Takes one question: a wait of 0 means it is logged and may be sent, else ms until one may be. A
 * person's `wish` does not wait for a host that is down.
 */
export function take(allowance: Allowance, now: number, wish = false): [Allowance, wait: number] {
  const [tried, held] = goAhead(settle(allowance, now), now, wish)
  const wait = Math.max(held, room(tried, now).after([]) - now)
  return wait > 0 ? [settle(allowance, now), wait] : [withLogs(tried, (sent) => [...sent, now]), 0]
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
export const giveBack = (allowance: Allowance, sentAt: number): Allowance =>
  withLogs(allowance, (sent) => {
    const place = sent.lastIndexOf(sentAt)
    return place < 0 ? sent : sent.toSpliced(place, 1)
  })

/** The same is sent under every limit. */
function withLogs(
  allowance: Allowance,
  change: (sent: readonly number[]) => readonly number[],
): Allowance {
  const { stated } = allowance
  const beside = besideOf(allowance).map((one) => ({ ...one, sent: change(one.sent) }))
  return { ...allowance, sent: change(allowance.sent), stated: stated && { ...stated, beside } }
}

/**
 * A 429 came at `now`; `retryAt` is when the server will answer again, if it said so. If it came
 * before our own count was full, others use the key: what got through is taken as the limit for two
 * windows, but never less than a quarter of it, for a log can be lost. Where answers tell what is left,
 * nothing has to be guessed.
 */
export function refuse(allowance: Allowance, now: number, retryAt: number | null): Allowance {
  const settled = settle(allowance, now)
  const { limit, windowMs, sent } = settled
  const told = retryAt !== null && retryAt > now
  const until = told ? Math.min(retryAt, now + LONGEST) : now + UNEXPLAINED
  const through = Math.max(sent.length - 1, Math.ceil((limit ?? 0) / 4), 1)
  const early = settled.stated === null && through < mostOf(settled)
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
 * What an answer said about limits. The one of our own window replaces ours, and so does one that leaves
 * no sense to ours, since it gives more in less time; the others hold beside it. `set`: what ours is
 * never more than, and is not replaced.
 */
export function learn(
  allowance: Allowance,
  now: number,
  said: readonly RateLimit[],
  set?: number | null,
): Allowance {
  const settled = settle(allowance, now)
  const known = [settled, ...besideOf(settled)] as const
  const told = said.slice(0, MOST_LIMITS).flatMap((one) => {
    const meant = quotaOf(one, known, now)
    return meant === null ? [] : [{ one, ...meant }]
  })
  if (told.length === 0) return settled
  // The longest window first; of two for the same window the lower holds.
  told.sort(
    ({ quota: a }, { quota: b }) => b.windowMs - a.windowMs || (b.limit ?? 0) - (a.limit ?? 0),
  )
  let own: Quota = settled
  const beside: Quota[] = []
  for (const { one, quota, same, isGuess } of told) {
    const isOurs = quota.windowMs === own.windowMs
    const replaces = set === undefined && (same === settled || overrules(quota, own))
    const limit = Math.min(quota.limit ?? Infinity, (isOurs ? set : null) ?? Infinity)
    const learned = withRemaining({ ...quota, limit }, one, now, !isOurs || set === undefined)
    if (!isGuess && (isOurs || replaces)) own = learned
    else beside.push(learned)
  }
  const { limit, windowMs, sent } = own
  return { ...settled, limit, windowMs, sent, stated: { until: statedUntil(beside, now), beside } }
}

const overrules = (said: Quota, own: Quota): boolean =>
  said.limit !== null &&
  own.limit !== null &&
  said.limit > own.limit &&
  said.windowMs < own.windowMs

/**
 * The same of a server that all questions go through, which tells of its own count first: what is logged
 * here beyond that never left it. Another limit of the same window is what it had before it was lowered.
 */
function follow(allowance: Allowance, now: number, said: readonly RateLimit[]): Allowance {
  const [first, ...others] = said
  if (first === undefined) return allowance
  const windowMs = first.windowMs ?? allowance.windowMs
  const before = others.find((one) => one.windowMs === windowMs)?.limit ?? null
  const rest = [first, ...others.filter((one) => one.windowMs !== windowMs)]
  const learned = learn({ ...allowance, windowMs, ceiling: null }, now, rest, first.limit)
  const used = (first.limit ?? 0) - (first.remaining ?? 0)
  const ceiling =
    before === null || learned.limit === null
      ? null
      : { limit: learned.limit, until: now + 2 * windowMs }
  return {
    ...learned,
    limit: before ?? learned.limit,
    ceiling,
    sent: used > 0 ? learned.sent.slice(-used) : [],
  }
}

/** The allowance after an answer that came at `at`, as far as it said something of it. `set`: see `learn`. Pure. */
export function heed(
  allowance: Allowance,
  { result, rateLimit, notBefore, given }: Understood,
  at: number,
  set?: number | null,
): Allowance {
  if (given !== null && rateLimit !== null) {
    const followed = follow(allowance, at, rateLimit)
    // Where some are left, the log says by itself when there is room.
    return rateLimit[0]?.remaining === 0 && notBefore !== null
      ? hold(followed, at, notBefore)
      : followed
  }
  const learned = rateLimit === null ? allowance : learn(allowance, at, rateLimit, set)
  return !result.ok && result.error.kind === 'limited'
    ? refuse(learned, at, result.error.until)
    : learned
}

/**
 * The allowance once it is known, at `at`, what came of a question that was taken at `sentAt`. `set`: see
 * `learn`. Pure.
 */
export function conclude(
  allowance: Allowance,
  answer: Understood,
  asked: Asked & { readonly sentAt: number },
  at: number,
  set?: number | null,
): Allowance {
  const heeded = answer.unsent
    ? giveBack(allowance, asked.sentAt)
    : heed(allowance, answer, at, set)
  return { ...heeded, outage: outageAfter(outageAt(allowance.outage, at), answer, asked, at) }
}

export const standing = (allowance: Allowance, now: number): Standing =>
  standings(allowance, now).reduce(tighter)

/** How each limit stands, ours first. */
export function standings(allowance: Allowance, now: number): readonly Standing[] {
  const settled = settle(allowance, now)
  return [
    standingOf({ ...settled, limit: effectiveLimit(settled) }, mostOf(settled), settled, now),
    ...besideOf(settled).map((one) => standingOf(one, one.limit ?? Infinity, settled, now)),
  ]
}

function standingOf(quota: Quota, most: number, { refusal }: Allowance, now: number): Standing {
  const { limit, windowMs, sent } = quota
  const { after, by } = roomIn(quota, most, refusal?.until ?? now)
  const newest = sent[sent.length - 1]
  const limited = limit !== null
  const left = by(now)
  const used = sent.filter((at) => at > now - windowMs).length
  return {
    remaining: limited && refusal === null ? Math.max(0, limit - used) : 0,
    left: limited ? left : null,
    nextAt: limited && left < most ? after(Array<number>(left).fill(now)) : null,
    fullAt: limited && newest !== undefined ? newest + cycleOf(windowMs) : null,
    blockedUntil: refusal?.until ?? null,
    limit,
    windowMs,
  }
}

function tighter(one: Standing, other: Standing): Standing {
  const opens = ({ left, nextAt }: Standing) => (left === 0 ? (nextAt ?? 0) : 0)
  const perMs = ({ limit, windowMs }: Standing) => (limit ?? Infinity) / windowMs
  if (opens(one) !== opens(other)) return opens(other) > opens(one) ? other : one
  return perMs(other) < perMs(one) ? other : one
}

const besideOf = ({ stated }: Allowance): readonly Quota[] => stated?.beside ?? []

const effectiveLimit = ({ limit, ceiling }: Allowance): number | null =>
  ceiling === null || (limit !== null && limit <= ceiling.limit) ? limit : ceiling.limit

/** How many of our own limit are spent in a window. */
function mostOf(allowance: Allowance): number {
  const limit = effectiveLimit(allowance)
  if (limit === null) return Infinity
  return Math.max(Math.min(1, limit), limit - Math.min(RESERVE, Math.floor(limit / 5)))
}

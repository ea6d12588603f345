import type { ParsedResponse } from '../api/parse-response.ts'
import type { RateLimit } from '../api/rate-limit.ts'
import { HOUR } from '../lib/units.ts'
import {
  type Capacity,
  capacityIn,
  cycleOf,
  type Limit,
  resolveLimit,
  settledLog,
  withRemaining,
} from './limit.ts'
import {
  downUntil,
  type Outage,
  outageAfter,
  outageAt,
  type SentRequest,
  tryHost,
} from './outage.ts'

/**
 * The quota: how many requests a key may still send. Every function is pure and takes a state and a
 * time; all times are epoch milliseconds.
 *
 * The server's kind of window is not documented. A client that keeps a limit in every sliding window
 * also keeps it in fixed and aligned ones, so the log below is read as sliding.
 */

/** Our own limit and everything else that blocks requests. Plain JSON, to be persisted and shared by tabs. */
export interface Quota extends Limit {
  /** The 429 that still blocks us. */
  readonly refusal: { readonly at: number; readonly until: number } | null
  /** A lower limit, learned from an early 429 and dropped after `until`. */
  readonly ceiling: { readonly limit: number; readonly until: number } | null
  /** Limits reported by responses, valid until `until`; `beside`: those that apply in addition to ours. */
  readonly stated: { readonly until: number; readonly beside: readonly Limit[] } | null
  /** Outage of the host; null if the last request got a response. */
  readonly outage: Outage | null
}

/** Quota status for display. */
export interface QuotaStatus {
  /** Requests that may be sent now; null: no limit. */
  readonly left: number | null
  /** When one more than now becomes available; null: nothing is used. */
  readonly nextAt: number | null
  /** When the full quota is available again; null: nothing is used. */
  readonly fullAt: number | null
  readonly blockedUntil: number | null
  /** The limit described: the one that resets last if none are left, else that with the lowest hourly rate. */
  readonly limit: number | null
  readonly windowMs: number
  /** Remaining requests as a server with the same count reports them, without our reserve. */
  readonly remaining: number
}

/** Never spent, in case a request was not logged. Limits that the API reports need no reserve. */
const RESERVE = 2

/** Wait in ms after a 429 without a retry time. */
const DEFAULT_BLOCK = 300_000

/** Maximum number of limits read from one response. */
export const MAX_LIMITS = 8

/** Longest wait accepted from a 429. */
const MAX_BLOCK = 24 * HOUR

/** 100 per hour is the limit that the older public API description states for get-task-status. */
export function fullQuota(limit: number | null = 100, windowMs = HOUR): Quota {
  return { limit, windowMs, sent: [], refusal: null, ceiling: null, stated: null, outage: null }
}

/** Drops everything that no longer counts (settledLog). */
export function prune(quota: Quota, now: number): Quota {
  const { windowMs, refusal, ceiling, stated } = quota
  const ahead = Math.max(0, (refusal?.at ?? now) - now)
  const until = refusal && Math.min(refusal.until, refusal.at + MAX_BLOCK) - ahead
  return {
    ...quota,
    sent: settledLog(quota, now),
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
    outage: outageAt(quota.outage, now),
  }
}

/** Reported limits expire, because servers change or stop reporting them. */
const statedUntil = (beside: readonly Limit[], now: number): number =>
  now + 2 * Math.max(HOUR, ...beside.map(({ windowMs }) => windowMs))

/** When requests may be sent; `by` and `max` describe our own limit, the others are in `beside`. */
export function capacity(
  quota: Quota,
  now: number,
): Capacity & { readonly beside: readonly Capacity[] } {
  const settled = prune(quota, now)
  const from = settled.refusal?.until ?? now
  const beside = additionalLimits(settled).map((one) =>
    capacityIn(one, one.limit ?? Infinity, from),
  )
  const own = capacityIn(settled, spendable(settled), from)
  const after = (ahead: readonly number[]) =>
    Math.max(own.after(ahead), ...beside.map((one) => one.after(ahead)))
  return { ...own, after, beside }
}

/**
 * Takes one request: a wait of 0 means it is logged and may be sent, else the ms until one may be.
 * `force` (the user's click) does not wait for a host that is down.
 */
export function acquire(quota: Quota, now: number, force = false): [Quota, wait: number] {
  const [tried, held] = acquireServerManaged(prune(quota, now), now, force)
  const wait = Math.max(held, capacity(tried, now).after([]) - now)
  return wait > 0 ? [prune(quota, now), wait] : [withLogs(tried, (sent) => [...sent, now]), 0]
}

/** The same if a server counts for us: waits only for a host that is down, and logs nothing. */
export function acquireServerManaged(
  quota: Quota,
  now: number,
  force: boolean,
): [Quota, wait: number] {
  const outage = outageAt(quota.outage, now)
  const wait = force ? 0 : Math.max(0, (downUntil(outage) ?? now) - now)
  return wait > 0 || outage === null
    ? [quota, wait]
    : [{ ...quota, outage: tryHost(outage, now) }, 0]
}

/** Returns the request taken at `sentAt`, because it was never sent. */
export const release = (quota: Quota, sentAt: number): Quota =>
  withLogs(quota, (sent) => {
    const place = sent.lastIndexOf(sentAt)
    return place < 0 ? sent : sent.toSpliced(place, 1)
  })

/** Applies `change` to the log of every limit: each request counts under all of them. */
function withLogs(quota: Quota, change: (sent: readonly number[]) => readonly number[]): Quota {
  const { stated } = quota
  const beside = additionalLimits(quota).map((one) => ({ ...one, sent: change(one.sent) }))
  return { ...quota, sent: change(quota.sent), stated: stated && { ...stated, beside } }
}

/**
 * Handles a 429 at `now`; `retryAt` is its retry time, if any. If it came before our own count was full,
 * other clients use the key: the number that got through becomes the limit for two windows, but never
 * less than a quarter of ours, since a log can be lost. If responses report what remains, no guess is
 * needed.
 */
export function onRateLimited(quota: Quota, now: number, retryAt: number | null): Quota {
  const settled = prune(quota, now)
  const { limit, windowMs, sent } = settled
  const isExplained = retryAt !== null && retryAt > now
  const until = isExplained ? Math.min(retryAt, now + MAX_BLOCK) : now + DEFAULT_BLOCK
  const through = Math.max(sent.length - 1, Math.ceil((limit ?? 0) / 4), 1)
  const early = settled.stated === null && through < spendable(settled)
  const ceiling = early ? { limit: through, until: now + 2 * windowMs } : settled.ceiling
  return { ...settled, refusal: { at: now, until }, ceiling }
}

/** Blocks all requests until `until`, as Retry-After requires for any reason. */
export function blockUntil(quota: Quota, now: number, until: number): Quota {
  const settled = prune(quota, now)
  return until > Math.max(now, settled.refusal?.until ?? now)
    ? { ...settled, refusal: { at: now, until: Math.min(until, now + MAX_BLOCK) } }
    : settled
}

/**
 * Applies the limits that a response reported. One with our window replaces ours, and so does one that
 * makes ours pointless by allowing more in less time; the others apply in addition. `set`: an upper
 * bound for ours, which is then not replaced.
 */
export function applyLimits(
  quota: Quota,
  now: number,
  limits: readonly RateLimit[],
  set?: number | null,
): Quota {
  const settled = prune(quota, now)
  const known = [settled, ...additionalLimits(settled)] as const
  const reported = limits.slice(0, MAX_LIMITS).flatMap((one) => {
    const meant = resolveLimit(one, known, now)
    return meant === null ? [] : [{ one, ...meant }]
  })
  if (reported.length === 0) return settled
  // The longest window first; of two for the same window the lower applies.
  reported.sort(
    ({ quota: a }, { quota: b }) => b.windowMs - a.windowMs || (b.limit ?? 0) - (a.limit ?? 0),
  )
  let own: Limit = settled
  const beside: Limit[] = []
  for (const { one, quota, same, isGuess } of reported) {
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

const overrules = (other: Limit, own: Limit): boolean =>
  other.limit !== null &&
  own.limit !== null &&
  other.limit > own.limit &&
  other.windowMs < own.windowMs

/**
 * The same for a server that all requests pass through, which reports its own count first: anything
 * logged here beyond that never left it. A second limit for the same window is the one before it was
 * lowered.
 */
function syncToServer(quota: Quota, now: number, limits: readonly RateLimit[]): Quota {
  const [first, ...others] = limits
  if (first === undefined) return quota
  const windowMs = first.windowMs ?? quota.windowMs
  const before = others.find((one) => one.windowMs === windowMs)?.limit ?? null
  const rest = [first, ...others.filter((one) => one.windowMs !== windowMs)]
  const learned = applyLimits({ ...quota, windowMs, ceiling: null }, now, rest, first.limit)
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

/** The quota after a response that came at `at`. `set`: see `applyLimits`. Pure. */
export function applyRateLimit(
  quota: Quota,
  { result, rateLimit, notBefore, serverCache }: ParsedResponse,
  at: number,
  set?: number | null,
): Quota {
  if (serverCache !== null && rateLimit !== null) {
    const synced = syncToServer(quota, at, rateLimit)
    // If some are left, the log already determines when the next may be sent.
    return rateLimit[0]?.remaining === 0 && notBefore !== null
      ? blockUntil(synced, at, notBefore)
      : synced
  }
  const learned = rateLimit === null ? quota : applyLimits(quota, at, rateLimit, set)
  return !result.ok && result.error.kind === 'limited'
    ? onRateLimited(learned, at, result.error.until)
    : learned
}

/**
 * The quota once the outcome of the request taken at `sentAt` is known, at `at`. `set`: see
 * `applyLimits`. Pure.
 */
export function applyResponse(
  quota: Quota,
  response: ParsedResponse,
  request: SentRequest & { readonly sentAt: number },
  at: number,
  set?: number | null,
): Quota {
  const updated = response.unsent
    ? release(quota, request.sentAt)
    : applyRateLimit(quota, response, at, set)
  return { ...updated, outage: outageAfter(outageAt(quota.outage, at), response, request, at) }
}

export const quotaStatus = (quota: Quota, now: number): QuotaStatus =>
  limitStatuses(quota, now).reduce(tighter)

/** Status of each limit, ours first. */
export function limitStatuses(quota: Quota, now: number): readonly QuotaStatus[] {
  const settled = prune(quota, now)
  return [
    statusOf({ ...settled, limit: effectiveLimit(settled) }, spendable(settled), settled, now),
    ...additionalLimits(settled).map((one) => statusOf(one, one.limit ?? Infinity, settled, now)),
  ]
}

function statusOf(quota: Limit, most: number, { refusal }: Quota, now: number): QuotaStatus {
  const { limit, windowMs, sent } = quota
  const { after, by } = capacityIn(quota, most, refusal?.until ?? now)
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

function tighter(one: QuotaStatus, other: QuotaStatus): QuotaStatus {
  const opens = ({ left, nextAt }: QuotaStatus) => (left === 0 ? (nextAt ?? 0) : 0)
  const perMs = ({ limit, windowMs }: QuotaStatus) => (limit ?? Infinity) / windowMs
  if (opens(one) !== opens(other)) return opens(other) > opens(one) ? other : one
  return perMs(other) < perMs(one) ? other : one
}

const additionalLimits = ({ stated }: Quota): readonly Limit[] => stated?.beside ?? []

const effectiveLimit = ({ limit, ceiling }: Quota): number | null =>
  ceiling === null || (limit !== null && limit <= ceiling.limit) ? limit : ceiling.limit

/** How much of our own limit may be spent in a window. */
function spendable(quota: Quota): number {
  const limit = effectiveLimit(quota)
  if (limit === null) return Infinity
  return Math.max(Math.min(1, limit), limit - Math.min(RESERVE, Math.floor(limit / 5)))
}

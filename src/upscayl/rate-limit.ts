/*
 * What an answer says of the request allowance, in any of the spellings in use:
 * Retry-After (RFC 9110, 10.2.3), RateLimit and RateLimit-Policy (IETF draft-ietf-httpapi-ratelimit-headers,
 * its present and its former form), X-RateLimit-*, and sentences such as "Try again in 1 hour".
 */

import { DAY } from '../lib/units.ts'

export interface RateLimit {
  /** Requests a window. */
  readonly limit: number | null
  /** Requests left in this window. */
  readonly remaining: number | null
  /** Window length in milliseconds. */
  readonly windowMs: number | null
  /** Epoch milliseconds at which the allowance comes back. */
  readonly resetAt: number | null
}

/** A server that says "wait a week" is taken at its word, not one that says a century. */
const LONGEST_WAIT = 7 * DAY
export const EPOCH_SECONDS_ABOVE = 1e9 // 2001: no delay in seconds is that long

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

const whole = (text: string | null | undefined): number | null => {
  const match = /^\s*(\d{1,15})(?:\.\d+)?\s*$/.exec(text ?? '')
  return match ? Number(match[1]) : null
}

const within = (at: number, now: number): number | null =>
  Number.isFinite(at) && at - now <= LONGEST_WAIT ? Math.max(now, at) : null

/** Retry-After as epoch milliseconds: delay-seconds or an HTTP-date. Null where absent or nonsense. */
export function readRetryAfter(value: string | null, now: number): number | null {
  if (value === null) return null
  const seconds = whole(value)
  if (seconds !== null) return within(now + seconds * 1000, now)
  return /^[A-Za-z]{3}/.test(value.trim()) ? within(Date.parse(value), now) : null
}

/** "Try again in 1 hour", "retry after 90 seconds", as epoch milliseconds. */
export function readWaitSentence(text: string, now: number): number | null {
  const match =
    /\b(?:in|after)\s+(an?|\d{1,6})\s*(s|m|h|d)(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?|ays?)?\b/i.exec(
      text,
    )
  if (!match) return null
  const amount = /^an?$/i.test(match[1] ?? '') ? 1 : Number(match[1])
  return within(now + amount * (UNIT_MS[(match[2] ?? '').toLowerCase()] ?? Number.NaN), now)
}

/** A reset is either a delay in seconds or an epoch in seconds or milliseconds. */
function readReset(text: string | null | undefined, now: number): number | null {
  const value = whole(text)
  if (value === null) return null
  if (value > 1e11) return within(value, now)
  return within(value > EPOCH_SECONDS_ABOVE ? value * 1000 : now + value * 1000, now)
}

/** `name=value` pairs of a structured header or of its former, comma-separated form. */
const parameter = (header: string | null, ...names: readonly string[]): string | null => {
  for (const name of names) {
    const match = new RegExp(`(?:^|[;,\\s])${name}\\s*=\\s*"?([\\d.]+)`, 'i').exec(header ?? '')
    if (match?.[1] !== undefined) return match[1]
  }
  return null
}

/** Null where the answer says nothing of an allowance. */
export function readRateLimit(headers: Headers, now: number): RateLimit | null {
  const rate = headers.get('ratelimit')
  const policy = headers.get('ratelimit-policy')
  const plain = (name: string) =>
    headers.get(`ratelimit-${name}`) ??
    headers.get(`x-ratelimit-${name}`) ??
    headers.get(`x-rate-limit-${name}`)
  const windowSeconds = whole(parameter(policy, 'w', 'window'))
  const read: RateLimit = {
    limit:
      whole(parameter(policy, 'q', 'limit')) ??
      whole(parameter(rate, 'limit')) ??
      whole(plain('limit')?.split(/[,;]/)[0]),
    remaining: whole(parameter(rate, 'r', 'remaining')) ?? whole(plain('remaining')),
    windowMs: windowSeconds === null || windowSeconds === 0 ? null : windowSeconds * 1000,
    resetAt: readReset(parameter(rate, 't', 'reset') ?? plain('reset'), now),
  }
  return Object.values(read).every((value) => value === null) ? null : read
}

/** Until when a 429 has us wait, wherever it says so; epoch milliseconds, null where it does not. */
export const readWait = (headers: Headers, message: string | null, now: number): number | null =>
  readRetryAfter(headers.get('retry-after'), now) ??
  readRateLimit(headers, now)?.resetAt ??
  readWaitSentence(message ?? '', now)

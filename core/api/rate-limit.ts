/*
 * Parser for the rate limits of a response, in all formats in use: Retry-After (RFC 9110, 10.2.3),
 * RateLimit and RateLimit-Policy (IETF draft-ietf-httpapi-ratelimit-headers, its current and former
 * forms), X-RateLimit-*, also with the window in its name (-Minute, as in Kong), and sentences such as
 * "Try again in 1 hour".
 */

import { DAY, HOUR, MINUTE, SECOND } from '../lib/units.ts'

/** One limit, as far as it was reported; a response may report several. */
export interface RateLimit {
  /** Requests per window. */
  readonly limit: number | null
  /** Requests left in this window. */
  readonly remaining: number | null
  /** Window length in milliseconds. */
  readonly windowMs: number | null
  /** When the quota resets, epoch milliseconds. */
  readonly resetAt: number | null
}

/** Longest accepted wait: "wait a week" is plausible, a century is not. */
const MAX_WAIT = 7 * DAY
export const EPOCH_SECONDS_ABOVE = 1e9 // 2001; as a delay in seconds this would be 31 years

/** Whether a header (in lower case) is read here in addition to Retry-After. */
export const isRateHeader = (name: string): boolean =>
  /^(?:x-)?rate-?limit(?:-[a-z-]+)?$/.test(name)

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
  Number.isFinite(at) && at - now <= MAX_WAIT ? Math.max(now, at) : null

/** Retry-After as epoch milliseconds: delay-seconds or an HTTP-date. Null if missing or invalid. */
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

/** A reset is a delay in seconds, an epoch in seconds or milliseconds, or a date. */
function readReset(text: string | null | undefined, now: number): number | null {
  const value = whole(text)
  if (value === null) {
    const isDate = /^\s*([A-Za-z]{3}|\d{4}-)/.test(text ?? '')
    return isDate ? within(Date.parse(text ?? ''), now) : null
  }
  if (value > 1e11) return within(value, now)
  return within(value > EPOCH_SECONDS_ABOVE ? value * 1000 : now + value * 1000, now)
}

/** A list member (RFC 9651, 3.1); the former dictionary format becomes one member without a name. */
interface Member {
  readonly name: string
  readonly parameters: ReadonlyMap<string, string>
}

const MEMBER = /(?:"[^"]*"|[^",])+/g
const PART = /(?:"[^"]*"|[^";])+/g
const PARAMETER = /^([\w-]+)\s*=\s*"?([^"]*)/

function membersOf(header: string | null): readonly Member[] {
  const dictionary = new Map<string, string>()
  const members: Member[] = []
  for (const text of header?.match(MEMBER) ?? []) {
    const [first = '', ...rest] = (text.match(PART) ?? []).map((part) => part.trim())
    const isNamed = !first.includes('=')
    const parameters = isNamed ? new Map<string, string>() : dictionary
    for (const part of isNamed ? rest : [first, ...rest]) {
      const [, name = '', value = ''] = PARAMETER.exec(part) ?? []
      parameters.set(name.toLowerCase(), value.trim())
    }
    if (isNamed) members.push({ name: first.replaceAll('"', ''), parameters })
  }
  return dictionary.size === 0 ? members : [{ name: '', parameters: dictionary }, ...members]
}

interface Named extends RateLimit {
  readonly name: string
}

const UNREPORTED: Named = { name: '', limit: null, remaining: null, windowMs: null, resetAt: null }

/** Some policies count bytes or concurrent requests instead. */
const countsRequests = ({ parameters }: Member): boolean =>
  (parameters.get('qu') ?? 'requests') === 'requests'

function toPolicy({ name, parameters }: Member): Named {
  const seconds = whole(parameters.get('w') ?? parameters.get('window'))
  return {
    ...UNREPORTED,
    name,
    limit: whole(parameters.get('q') ?? parameters.get('limit') ?? name),
    windowMs: seconds === null || seconds === 0 ? null : seconds * 1000,
  }
}

const toState = ({ name, parameters }: Member, now: number): Named => ({
  ...UNREPORTED,
  name,
  limit: whole(parameters.get('limit')),
  remaining: whole(parameters.get('r') ?? parameters.get('remaining')),
  resetAt: readReset(parameters.get('t') ?? parameters.get('reset'), now),
})

const WINDOWS = { second: SECOND, minute: MINUTE, hour: HOUR, day: DAY }

/** All limits that a response reports; null if it reports none. */
export function readRateLimit(headers: Headers, now: number): readonly RateLimit[] | null {
  const plain = (what: string) =>
    headers.get(`ratelimit-${what}`) ??
    headers.get(`x-ratelimit-${what}`) ??
    headers.get(`x-rate-limit-${what}`)
  const stated = membersOf(headers.get('ratelimit-policy'))
  const others = stated.filter((member) => !countsRequests(member)).map(({ name }) => name)
  // "100, 100;w=3600, 10;w=60": the limit that applies now, and the policies behind it.
  const [current = UNREPORTED, ...behind] = membersOf(plain('limit')).map(toPolicy)
  const byUnit = Object.entries(WINDOWS).map(([unit, windowMs]) => {
    const [limit, remaining] = [plain(`limit-${unit}`), plain(`remaining-${unit}`)].map(whole)
    return { ...UNREPORTED, limit: limit ?? null, remaining: remaining ?? null, windowMs }
  })
  const policies = [...stated.filter(countsRequests).map(toPolicy), ...behind, ...byUnit].filter(
    ({ limit }) => limit !== null,
  )
  const states = membersOf(headers.get('ratelimit'))
    .filter(({ name }) => name === '' || !others.includes(name))
    .map((member) => toState(member, now))
    .filter(isReported)
  const resetAt = readReset(plain('reset'), now)
  if (states.length === 0)
    states.push({ ...current, name: '', remaining: whole(plain('remaining')), resetAt })
  const limits = states.map((state) => {
    const policy = policyOf(state, policies)
    if (policy !== null) policies.splice(policies.indexOf(policy), 1)
    return {
      limit: policy?.limit ?? state.limit,
      remaining: state.remaining ?? policy?.remaining ?? null,
      windowMs: policy?.windowMs ?? state.windowMs,
      resetAt: state.resetAt,
    }
  })
  const all = [...limits, ...policies.map(({ name: _, ...policy }) => policy)].filter(isReported)
  return all.length === 0 ? null : all
}

const isReported = ({ limit, remaining, resetAt }: RateLimit): boolean =>
  limit !== null || remaining !== null || resetAt !== null

/** The policy of a state: by its name or its limit, else the tightest that allows the remaining count. */
function policyOf(state: Named, policies: readonly Named[]): Named | null {
  const { name, limit, remaining } = state
  if (!isReported(state)) return null
  const named = policies.find((one) => name !== '' && one.name === name)
  if (named !== undefined) return named
  if (limit !== null) return policies.find((one) => one.limit === limit) ?? null
  const roomy = policies.filter((one) => (one.limit ?? 0) >= (remaining ?? 0))
  return roomy.sort((a, b) => (a.limit ?? 0) - (b.limit ?? 0))[0] ?? null
}

/** When all exhausted limits have reset (epoch ms); null if no limit is exhausted. */
export function usedUpUntil(limits: readonly RateLimit[] | null): number | null {
  const resets = (limits ?? []).flatMap(({ remaining, resetAt }) =>
    remaining === 0 ? (resetAt ?? []) : [],
  )
  return resets.length === 0 ? null : Math.max(...resets)
}

/** Retry time of a 429 from any of its headers or its message, epoch milliseconds; null if it has none. */
export function readWait(headers: Headers, message: string | null, now: number): number | null {
  const limits = readRateLimit(headers, now)
  // Without a remaining count, the reset can only mean this limit.
  const implied = (limits ?? []).flatMap(({ remaining, resetAt }) =>
    remaining === null ? (resetAt ?? []) : [],
  )
  return (
    readRetryAfter(headers.get('retry-after'), now) ??
    usedUpUntil(limits) ??
    (implied.length === 0 ? null : Math.max(...implied)) ??
    readWaitSentence(message ?? '', now)
  )
}

/*
 * What an answer says of the request allowance, in any of the spellings in use:
 * Retry-After (RFC 9110, 10.2.3), RateLimit and RateLimit-Policy (IETF draft-ietf-httpapi-ratelimit-headers,
 * its present and its former forms), X-RateLimit-*, also with the window in its name (-Minute, as Kong
 * has it), and sentences such as "Try again in 1 hour".
 */

import { DAY, HOUR, MINUTE, SECOND } from '../lib/units.ts'

/** One limit, as far as it was said; an answer may tell of several. */
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

/** The headers that are read here beside Retry-After, in lower case. */
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

/** A member of a list (RFC 9651, 3.1); of the former dictionary all is one member without a name. */
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

const UNSAID: Named = { name: '', limit: null, remaining: null, windowMs: null, resetAt: null }

/** Some policies count bytes, or what runs at once. */
const countsRequests = ({ parameters }: Member): boolean =>
  (parameters.get('qu') ?? 'requests') === 'requests'

function toPolicy({ name, parameters }: Member): Named {
  const seconds = whole(parameters.get('w') ?? parameters.get('window'))
  return {
    ...UNSAID,
    name,
    limit: whole(parameters.get('q') ?? parameters.get('limit') ?? name),
    windowMs: seconds === null || seconds === 0 ? null : seconds * 1000,
  }
}

const toState = ({ name, parameters }: Member, now: number): Named => ({
  ...UNSAID,
  name,
  limit: whole(parameters.get('limit')),
  remaining: whole(parameters.get('r') ?? parameters.get('remaining')),
  resetAt: readReset(parameters.get('t') ?? parameters.get('reset'), now),
})

const WINDOWS = { second: SECOND, minute: MINUTE, hour: HOUR, day: DAY }

/** Every limit that an answer tells of; null where it says nothing of an allowance. */
export function readRateLimit(headers: Headers, now: number): readonly RateLimit[] | null {
  const plain = (what: string) =>
    headers.get(`ratelimit-${what}`) ??
    headers.get(`x-ratelimit-${what}`) ??
    headers.get(`x-rate-limit-${what}`)
  const stated = membersOf(headers.get('ratelimit-policy'))
  const others = stated.filter((member) => !countsRequests(member)).map(({ name }) => name)
  // "100, 100;w=3600, 10;w=60": what holds now, and the policies behind it.
  const [held = UNSAID, ...behind] = membersOf(plain('limit')).map(toPolicy)
  const byUnit = Object.entries(WINDOWS).map(([unit, windowMs]) => {
    const [limit, remaining] = [plain(`limit-${unit}`), plain(`remaining-${unit}`)].map(whole)
    return { ...UNSAID, limit: limit ?? null, remaining: remaining ?? null, windowMs }
  })
  const policies = [...stated.filter(countsRequests).map(toPolicy), ...behind, ...byUnit].filter(
    ({ limit }) => limit !== null,
  )
  const states = membersOf(headers.get('ratelimit'))
    .filter(({ name }) => name === '' || !others.includes(name))
    .map((member) => toState(member, now))
    .filter(isSaid)
  const resetAt = readReset(plain('reset'), now)
  if (states.length === 0)
    states.push({ ...held, name: '', remaining: whole(plain('remaining')), resetAt })
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
  const all = [...limits, ...policies.map(({ name: _, ...policy }) => policy)].filter(isSaid)
  return all.length === 0 ? null : all
}

const isSaid = ({ limit, remaining, resetAt }: RateLimit): boolean =>
  limit !== null || remaining !== null || resetAt !== null

/** The policy that a state is of: by its name or its limit, else the tightest that has so many left. */
function policyOf(state: Named, policies: readonly Named[]): Named | null {
  const { name, limit, remaining } = state
  if (!isSaid(state)) return null
  const named = policies.find((one) => name !== '' && one.name === name)
  if (named !== undefined) return named
  if (limit !== null) return policies.find((one) => one.limit === limit) ?? null
  const roomy = policies.filter((one) => (one.limit ?? 0) >= (remaining ?? 0))
  return roomy.sort((a, b) => (a.limit ?? 0) - (b.limit ?? 0))[0] ?? null
}

/** When all that is used up comes back (epoch ms); null where something of each limit is left. */
export function usedUpUntil(limits: readonly RateLimit[] | null): number | null {
  const resets = (limits ?? []).flatMap(({ remaining, resetAt }) =>
    remaining === 0 ? (resetAt ?? []) : [],
  )
  return resets.length === 0 ? null : Math.max(...resets)
}

/** Until when a 429 has us wait, wherever it says so; epoch milliseconds, null where it does not. */
export function readWait(headers: Headers, message: string | null, now: number): number | null {
  const limits = readRateLimit(headers, now)
  // Without a number of what is left, a reset can only mean this.
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

import type { Handler } from 'hono'
import * as v from 'valibot'
import { HOUR } from '../../src/lib/units.ts'
import {
  type Allowance,
  type Standing,
  settle,
  standing,
  standings,
} from '../../src/polling/budget.ts'
import { taskIdSchema } from '../../src/upscayl/task-schema.ts'
import { requestIdOf } from '../request-id.ts'
import { type HeaderRecord, takeStanding } from '../standing-headers.ts'
import { readApiKey } from './api-key.ts'
import type { Known, Wish } from './coordinator.ts'
import type { Coordinators } from './coordinators.ts'
import { readJsonBody } from './json-body.ts'
import { problem } from './problem.ts'
import type { KeptAnswer } from './remembered.ts'

/*
 * POST /get-task-status, answered for all who ask with one key: from the question under way, from a
 * new one where the policy has one due, else from memory. What a cache would say of its answer is
 * said here too (RFC 9111), though no cache keeps the answer to a POST.
 */

const MAX_QUESTION_BYTES = 64 * 1024

/** As long as an answer is good that nothing will change. */
const LONGEST_AGE = HOUR

const question = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    data: v.object({
      taskId: taskIdSchema,
    }),
  }),
)

export function statusRoute(coordinators: Coordinators, now: () => number): Handler {
  return async (c) => {
    const { headers, url } = c.req.raw
    const body = await readJsonBody(c.req.raw, MAX_QUESTION_BYTES)
    if (body instanceof Response) return body
    const key = readApiKey(headers)
    if (key === null) return problem('KEY_UNUSABLE')
    const parsed = v.safeParse(question, new TextDecoder().decode(body))
    if (!parsed.success) {
      return problem('BAD_REQUEST', {}, 'It takes {"data":{"taskId":"…"}}, with the id of a task.')
    }
    const { taskId } = parsed.output.data
    const wanted = { key, taskId, origin: url, requestId: requestIdOf(c) }
    const known = await coordinators.of(key, url).know(wanted, wishOf(headers))
    return answerOf(known, now(), () => takeStanding(c))
  }
}

/** `no-cache` is how HTTP asks for an answer that is made anew (RFC 9111, 5.2.1.4). */
const wishOf = (headers: Headers): Wish =>
  /\bno-cache\b/i.test(headers.get('cache-control') ?? '') ? 'now' : 'stale'

/** `taken`: takes the headers that each answer has. */
function answerOf(
  { answer, goodUntil, allowance, record, isDown }: Known,
  now: number,
  taken: () => HeaderRecord,
): Response {
  const rate = rateHeaders(allowance, now)
  if (answer === null && (isDown || record.askedAt !== null))
    return problem('UPSTREAM_UNREACHABLE', rate)
  if (answer === null) {
    // Not asked yet, since others used up what there was. It is told when the key may ask again: this
    // task's own turn may come later, but holds for no other.
    const wait = rate['Retry-After'] ?? seconds((goodUntil ?? now + HOUR) - now)
    return problem('RATE_LIMIT_EXCEEDED', { ...rate, 'Retry-After': wait })
  }
  const { status, contentType, date, body, at } = answer
  const lifetime = goodUntil === null ? LONGEST_AGE : Math.max(0, goodUntil - at)
  const own = {
    Date: date,
    Age: String(Math.max(0, Math.floor((now - at) / 1000))),
    'Cache-Control':
      status === 200 ? `private, max-age=${Math.floor(lifetime / 1000)}` : 'no-store',
    'Loupe-Answer': loupeAnswer(answer, goodUntil, now),
  }
  // Of this many properties a spread takes thirty times as long.
  const headers: HeaderRecord = Object.assign(own, rate, taken())
  const typed =
    contentType === null ? headers : Object.assign(headers, { 'Content-Type': contentType })
  // Others have no body (Fetch, 2.2.3).
  return new Response(status === 204 || status === 205 ? null : body, { status, headers: typed })
}

/**
 * A dictionary of RFC 9651 for the dashboard, by the millisecond: `at`, when the answer came here,
 * by which it is known when it is given again; `age`; and `next`, when to come back for another.
 */
function loupeAnswer({ at }: KeptAnswer, goodUntil: number | null, now: number): string {
  const next = goodUntil === null ? '' : `, next=${Math.max(0, Math.ceil(goodUntil - now))}`
  return `at=${at}, age=${Math.max(0, now - at)}${next}`
}

/** As it was told last of an allowance: many ask in the same millisecond. */
const toldLast = new WeakMap<Allowance, { readonly now: number; readonly headers: HeaderRecord }>()

/**
 * The allowance as it is counted here, in the form of draft-ietf-httpapi-ratelimit-headers, and what the
 * API says of other windows: `t` is when there will be one question more. Where none is left, Retry-After
 * says so as well. A policy "set" is the limit before a 429 lowered it.
 */
function rateHeaders(counted: Allowance, now: number): HeaderRecord {
  const known = toldLast.get(counted)
  if (known?.now === now) return known.headers
  const allowance = settle(counted, now)
  const { left, ...tightest } = standing(allowance, now)
  const headers: { [name: string]: string } = { Vary: 'X-API-Key' }
  if (tightest.blockedUntil !== null || left === 0)
    headers['Retry-After'] = seconds(opensAt(tightest, now) - now)
  if (allowance.limit !== null) {
    const all = standings(allowance, now).map((one, index) => {
      const window = Math.round(one.windowMs / 1000)
      const name = index === 0 ? '"hour"' : `"${window}s"`
      const until = seconds(opensAt(one, now) - now)
      return {
        policy: `${name};q=${one.limit};w=${window}`,
        state: `${name};r=${one.remaining};t=${until}`,
      }
    })
    const policies = all.map(({ policy }) => policy)
    if (allowance.ceiling !== null && allowance.ceiling.limit < allowance.limit)
      policies.push(`"set";q=${allowance.limit};w=${Math.round(allowance.windowMs / 1000)}`)
    headers['RateLimit-Policy'] = policies.join(', ')
    headers.RateLimit = all.map(({ state }) => state).join(', ')
  }
  toldLast.set(counted, { now, headers })
  return headers
}

const opensAt = ({ blockedUntil, nextAt, windowMs }: Omit<Standing, 'left'>, now: number): number =>
  blockedUntil ?? nextAt ?? now + windowMs

/** Rounded up: who comes back then does not come too early. */
const seconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1000)))

import type { Handler } from 'hono'
import * as v from 'valibot'
import { taskIdSchema } from '../../core/api/task-id.ts'
import { HOUR } from '../../core/lib/units.ts'
import {
  limitStatuses,
  prune,
  type Quota,
  type QuotaStatus,
  quotaStatus,
} from '../../core/quota/quota.ts'
import { problem } from '../http/problem.ts'
import { readApiKey, readJsonBody } from '../http/read-request.ts'
import { type HeaderRecord, ownHeaders, requestIdOf } from '../http/request-id.ts'
import type { CachedResponse } from './cached-status.ts'
import type { Freshness, StatusResult } from './status-cache.ts'
import type { StatusCaches } from './status-caches.ts'

/*
 * POST /get-task-status, shared by all clients of a key: answered from the request in progress, from a
 * new one if the schedule has one due, else from memory. Sends the headers of an HTTP cache (RFC 9111),
 * even though no cache stores the response to a POST.
 */

const MAX_REQUEST_BYTES = 64 * 1024

/** Lifetime of a response that will not change. */
const MAX_AGE = HOUR

const requestSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    data: v.object({
      taskId: taskIdSchema,
    }),
  }),
)

export function statusRoute(statusCaches: StatusCaches, now: () => number): Handler {
  return async (c) => {
    const { headers, url } = c.req.raw
    const body = await readJsonBody(c.req.raw, MAX_REQUEST_BYTES)
    if (body instanceof Response) return body
    const key = readApiKey(headers)
    if (key === null) return problem('KEY_UNUSABLE')
    const parsed = v.safeParse(requestSchema, new TextDecoder().decode(body))
    if (!parsed.success) {
      return problem('BAD_REQUEST', {}, 'Expected {"data":{"taskId":"…"}}, with a task ID.')
    }
    const { taskId } = parsed.output.data
    const statusRequest = { key, taskId, origin: url, requestId: requestIdOf(c) }
    const result = await statusCaches.of(key, url).getStatus(statusRequest, freshnessOf(headers))
    return responseOf(result, now(), () => ownHeaders(c))
  }
}

/** `no-cache` requests a fresh response (RFC 9111, 5.2.1.4). */
const freshnessOf = (headers: Headers): Freshness =>
  /\bno-cache\b/i.test(headers.get('cache-control') ?? '') ? 'now' : 'stale'

/** `claimHeaders` returns the headers common to all responses. */
function responseOf(
  { response, freshUntil, quota, record, isDown }: StatusResult,
  now: number,
  claimHeaders: () => HeaderRecord,
): Response {
  const rate = rateHeaders(quota, now)
  if (response === null && (isDown || record.requestedAt !== null))
    return problem('UPSTREAM_UNREACHABLE', rate)
  if (response === null) {
    // Not checked yet, because the quota was used up. Retry-After is when the key has quota again; the
    // task's own turn may come later, but other tasks would not share it.
    const wait = rate['Retry-After'] ?? seconds((freshUntil ?? now + HOUR) - now)
    return problem('RATE_LIMIT_EXCEEDED', { ...rate, 'Retry-After': wait })
  }
  const { status, contentType, date, body, at } = response
  const lifetime = freshUntil === null ? MAX_AGE : Math.max(0, freshUntil - at)
  const own = {
    Date: date,
    Age: String(Math.max(0, Math.floor((now - at) / 1000))),
    'Cache-Control':
      status === 200 ? `private, max-age=${Math.floor(lifetime / 1000)}` : 'no-store',
    'Loupe-Answer': cacheInfo(response, freshUntil, now),
  }
  // With this many properties a spread takes thirty times as long.
  const headers: HeaderRecord = Object.assign(own, rate, claimHeaders())
  const typed =
    contentType === null ? headers : Object.assign(headers, { 'Content-Type': contentType })
  // 204 and 205 have no body (Fetch, 2.2.3).
  return new Response(status === 204 || status === 205 ? null : body, { status, headers: typed })
}

/**
 * An RFC 9651 dictionary for the dashboard, in milliseconds: `at`, time of receipt, which identifies
 * the response when it is repeated; `age`; and `next`, when to come back for another.
 */
function cacheInfo({ at }: CachedResponse, freshUntil: number | null, now: number): string {
  const next = freshUntil === null ? '' : `, next=${Math.max(0, Math.ceil(freshUntil - now))}`
  return `at=${at}, age=${Math.max(0, now - at)}${next}`
}

/** Last headers of each quota: many clients poll in the same millisecond. */
const lastHeaders = new WeakMap<Quota, { readonly now: number; readonly headers: HeaderRecord }>()

/**
 * The quota as counted here, in the form of draft-ietf-httpapi-ratelimit-headers, plus other windows
 * that the API reports: `t` is when one more request becomes available. If none is left, Retry-After
 * is set too. A policy "set" is the limit before a 429 lowered it.
 */
function rateHeaders(counted: Quota, now: number): HeaderRecord {
  const last = lastHeaders.get(counted)
  if (last?.now === now) return last.headers
  const quota = prune(counted, now)
  const { left, ...tightest } = quotaStatus(quota, now)
  const headers: { [name: string]: string } = { Vary: 'X-API-Key' }
  if (tightest.blockedUntil !== null || left === 0)
    headers['Retry-After'] = seconds(opensAt(tightest, now) - now)
  if (quota.limit !== null) {
    const all = limitStatuses(quota, now).map((one, index) => {
      const window = Math.round(one.windowMs / 1000)
      const name = index === 0 ? '"hour"' : `"${window}s"`
      const until = seconds(opensAt(one, now) - now)
      return {
        policy: `${name};q=${one.limit};w=${window}`,
        state: `${name};r=${one.remaining};t=${until}`,
      }
    })
    const policies = all.map(({ policy }) => policy)
    if (quota.ceiling !== null && quota.ceiling.limit < quota.limit)
      policies.push(`"set";q=${quota.limit};w=${Math.round(quota.windowMs / 1000)}`)
    headers['RateLimit-Policy'] = policies.join(', ')
    headers.RateLimit = all.map(({ state }) => state).join(', ')
  }
  lastHeaders.set(counted, { now, headers })
  return headers
}

const opensAt = (
  { blockedUntil, nextAt, windowMs }: Omit<QuotaStatus, 'left'>,
  now: number,
): number => blockedUntil ?? nextAt ?? now + windowMs

/** Rounded up, so that a client never comes back too early. */
const seconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1000)))

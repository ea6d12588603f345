import { err, type Result } from '../lib/result.ts'
import { type Balance, readBalance } from './balance.ts'
import type { ApiError } from './errors.ts'
import {
  type RateLimit,
  readRateLimit,
  readRetryAfter,
  readWait,
  usedUpUntil,
} from './rate-limit.ts'
import type { RawResponse } from './raw-response.ts'
import {
  accountError,
  isRefusal,
  isSuccess,
  isUnsent,
  parseBody,
  readProblem,
} from './response-body.ts'
import type { Task } from './task.ts'
import { parseTask } from './wire.ts'

/* Pure, so that servers that send requests for others parse responses exactly as the dashboard does. */

export type ApiResponse = ResponseInfo & (Received | NotReceived)

/** A parsed response, from any transport. */
export interface ParsedResponse extends ResponseInfo {
  readonly result: Result<Task, ApiError>
}

/** Cache information that Loupe's server adds to a response, in ms; see openapi.yaml. */
export interface ServerCacheInfo {
  /** Identifies this response. */
  readonly at: number
  readonly age: number
  /** Time until there may be a newer one; null: none is expected. */
  readonly next: number | null
}

interface ResponseInfo {
  /** The request certainly reached no server, so it cost nothing and had no effect. */
  readonly unsent: boolean
  /** Null if the server forwards every request and each client counts its own. */
  readonly serverCache: ServerCacheInfo | null
  /** Limits that the response reported; null if it reported none. */
  readonly rateLimit: readonly RateLimit[] | null
  /** When an exhausted limit resets (epoch ms); null if none is exhausted. */
  readonly notBefore: number | null
  /** Credits of the account; null if it reported none. */
  readonly balance: Balance | null
  /** Server time of the response (its Date header), epoch milliseconds. */
  readonly serverTime: number | null
}

interface Received {
  readonly result: Result<Task, ApiError>
  /** Unmodified. It may contain the key, so it may be stored only after recording.ts has cleaned it. */
  readonly raw: RawResponse
}

interface NotReceived {
  readonly result: { readonly ok: false; readonly error: { readonly kind: 'network' | 'timeout' } }
  readonly raw: null
}

/** A request without a response. */
export const noResponse = (kind: 'timeout' | 'network', unsent = false): ApiResponse => ({
  unsent,
  serverCache: null,
  result: { ok: false, error: { kind } },
  rateLimit: null,
  notBefore: null,
  balance: null,
  serverTime: null,
  raw: null,
})

/** Parses a response that came at `time` (epoch ms). A replay has no key (''). */
export function parseResponse(
  status: number,
  headers: Headers,
  body: string,
  key: string,
  time: number,
): ApiResponse {
  const serverTime = Date.parse(headers.get('date') ?? '')
  const rateLimit = readRateLimit(headers, time)
  const json = parseBody(body)
  return {
    unsent: isUnsent(json),
    serverCache: readServerCache(headers.get('loupe-answer')),
    result: readResult(status, headers, json, key, time),
    rateLimit,
    notBefore: usedUpUntil(rateLimit),
    balance: readBalance(json),
    serverTime: Number.isNaN(serverTime) ? null : serverTime,
    raw: { status, headers: Object.fromEntries(headers), body },
  }
}

/** Header of Loupe's own server, with its numbers in this order. */
function readServerCache(header: string | null): ServerCacheInfo | null {
  const [at, age = 0, next = null] = (header?.match(/\d+/g) ?? []).map(Number)
  return at === undefined ? null : { at, age, next }
}

function readResult(
  status: number,
  headers: Headers,
  json: unknown,
  key: string,
  time: number,
): Result<Task, ApiError> {
  if (isSuccess(status)) {
    const task = parseTask(json)
    if (task.ok) return task
  }
  const problem = readProblem(json, key)
  const { message, code, origin } = problem
  if (code === 'UPSTREAM_UNREACHABLE') return err({ kind: 'unreachable' })
  const until = retryAt(status, headers, time)
  if (code === 'UPSTREAM_UNUSABLE') return err({ kind: 'upstream', status, message: null, until })
  const ofAccount = accountError(status, problem)
  if (ofAccount !== null) return err(ofAccount)
  // Loupe's limit on requests of one address says nothing of the key's quota.
  const isBusy = origin.by === 'loupe' && code === 'TOO_MANY_REQUESTS'
  if (status === 429 && !isBusy)
    return err({ kind: 'limited', until: readWait(headers, message, time), message, ...origin })
  if (status === 504) return err({ kind: 'timeout' })
  if (isBusy || !isRefusal(status, json))
    return err({ kind: 'upstream', status, message, until, ...origin })
  return status === 404
    ? err({ kind: 'missing', message })
    : err({ kind: 'rejected', status, message, ...origin })
}

/**
 * Retry time of this request (RFC 9110, 10.2.3). Ignored on a success, where it does not concern errors,
 * and with Loupe's own server, where it concerns the key and its rate limit reports the same.
 */
const retryAt = (status: number, headers: Headers, time: number): number | null =>
  isSuccess(status) || headers.has('loupe-answer')
    ? null
    : readRetryAfter(headers.get('retry-after'), time)

import { err, type Result } from '../lib/result.ts'
import { isSuccess, parseBody } from './body.ts'
import type { ApiError } from './errors.ts'
import { isMissingUser, isRefusal, isUnsent, readProblem } from './problem.ts'
import {
  type RateLimit,
  readRateLimit,
  readRetryAfter,
  readWait,
  usedUpUntil,
} from './rate-limit.ts'
import type { Reply } from './reply.ts'
import type { Task } from './task.ts'
import { readTask } from './wire.ts'

/* Pure, so that whoever asks for others, on whatever machine, understands what the dashboard does. */

export type Answer = Told & (Replied | Silent)

/** What was understood of an answer, however it came. */
export interface Understood extends Told {
  readonly result: Result<Task, ApiError>
}

/** What Loupe's server says of an answer that it may have given before, in ms; see openapi.yaml. */
export interface Given {
  /** Tells this answer from the next one. */
  readonly at: number
  readonly age: number
  /** In how long there may be another; null: never, as far as is known. */
  readonly next: number | null
}

interface Told {
  /** It is certain that the question reached nobody, so it cost nothing and had no effect. */
  readonly unsent: boolean
  /** Null where each question is passed on, and nobody counts but whoever asks. */
  readonly given: Given | null
  /** What the answer said of the allowance, limit by limit; null where it said nothing. */
  readonly rateLimit: readonly RateLimit[] | null
  /** Nothing is left of the allowance until then (epoch ms), as the answer said. */
  readonly notBefore: number | null
  /** The answer's own clock (its Date header), epoch milliseconds. */
  readonly serverTime: number | null
}

interface Replied {
  readonly result: Result<Task, ApiError>
  /** As it came. It may repeat the key: only recording.ts makes it fit to be kept. */
  readonly reply: Reply
}

interface Silent {
  readonly result: { readonly ok: false; readonly error: { readonly kind: 'network' | 'timeout' } }
  readonly reply: null
}

/** That nothing came. */
export const silence = (kind: 'timeout' | 'network', unsent = false): Answer => ({
  unsent,
  given: null,
  result: { ok: false, error: { kind } },
  rateLimit: null,
  notBefore: null,
  serverTime: null,
  reply: null,
})

/** The whole answer, understood as of when it came: `time`, in epoch ms. A replay has no key (''). */
export function readAnswer(
  status: number,
  headers: Headers,
  body: string,
  key: string,
  time: number,
): Answer {
  const serverTime = Date.parse(headers.get('date') ?? '')
  const rateLimit = readRateLimit(headers, time)
  const json = parseBody(body)
  return {
    unsent: isUnsent(json),
    given: readGiven(headers.get('loupe-answer')),
    result: readResult(status, headers, json, key, time),
    rateLimit,
    notBefore: usedUpUntil(rateLimit),
    serverTime: Number.isNaN(serverTime) ? null : serverTime,
    reply: { status, headers: Object.fromEntries(headers), body },
  }
}

/** This server's own header, whose numbers come in this order. */
function readGiven(header: string | null): Given | null {
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
    const task = readTask(json)
    if (task.ok) return task
  }
  const problem = readProblem(json, key)
  const { message, code } = problem
  if (code === 'UPSTREAM_UNREACHABLE') return err({ kind: 'unreachable' })
  const until = retryAt(status, headers, time)
  if (code === 'UPSTREAM_UNUSABLE') return err({ kind: 'upstream', status, message: null, until })
  if (isMissingUser(status, problem)) return err({ kind: 'key' })
  switch (status) {
    case 401:
      return err({ kind: 'key' })
    case 402:
      return err({ kind: 'credits', message })
    case 429:
      return err({ kind: 'limited', until: readWait(headers, message, time), message })
    case 504:
      return err({ kind: 'timeout' })
  }
  if (!isRefusal(status, json)) return err({ kind: 'upstream', status, message, until })
  return status === 404
    ? err({ kind: 'missing', message })
    : err({ kind: 'rejected', status, message })
}

/**
 * When this request may be tried again (RFC 9110, 10.2.3). On a success that is no word about errors,
 * and with an answer of Loupe's own server it is about the key: its count tells that, too.
 */
const retryAt = (status: number, headers: Headers, time: number): number | null =>
  isSuccess(status) || headers.has('loupe-answer')
    ? null
    : readRetryAfter(headers.get('retry-after'), time)

import * as v from 'valibot'
import { now } from '../lib/clock.ts'
import { err, type Result } from '../lib/result.ts'
import type { ApiError } from './errors.ts'
import { type RateLimit, readRateLimit, readRetryAfter, readWaitSentence } from './rate-limit.ts'
import type { Task } from './task.ts'
import type { TaskId } from './task-id.ts'
import { readTask } from './wire.ts'

/** Longer than the gateway's own limit, so that its clear 504 arrives first. */
const TIMEOUT_MS = 20_000
const LONGEST_MESSAGE = 300

export interface Answer {
  readonly result: Result<Task, ApiError>
  /** What the answer said of the allowance, if anything. */
  readonly rateLimit: RateLimit | null
  /** Asked not to be asked again before this (epoch ms): Retry-After, or nothing left until a reset. */
  readonly notBefore: number | null
  /** The answer's own clock (its Date header), epoch milliseconds. */
  readonly serverTime: number | null
}

/**
 * Asks once how a task stands. Asking has a side effect (the first question after the end deducts the
 * credits), so nothing here repeats it, and it has no signal to be cancelled by: a read that was
 * cancelled has still had its effect. Never rejects.
 */
export async function getTaskStatus(key: string, taskId: TaskId): Promise<Answer> {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), TIMEOUT_MS)
  try {
    const response = await fetch('/api/get-task-status', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': key },
      body: JSON.stringify({ data: { taskId } }),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: timeout.signal,
    })
    return readAnswer(response.status, response.headers, await response.text(), key)
  } catch {
    return silence(timeout.signal.aborted ? 'timeout' : 'network')
  } finally {
    clearTimeout(timer)
  }
}

const silence = (kind: 'timeout' | 'network'): Answer => ({
  result: err({ kind }),
  rateLimit: null,
  notBefore: null,
  serverTime: null,
})

/** The whole answer, understood. Exported for tests and for programs that fetch by other means. */
export function readAnswer(status: number, headers: Headers, body: string, key: string): Answer {
  const time = now()
  const serverTime = Date.parse(headers.get('date') ?? '')
  const rateLimit = readRateLimit(headers, time)
  return {
    result: readResult(status, headers, body, key, time),
    rateLimit,
    notBefore:
      readRetryAfter(headers.get('retry-after'), time) ??
      (rateLimit?.remaining === 0 ? rateLimit.resetAt : null),
    serverTime: Number.isNaN(serverTime) ? null : serverTime,
  }
}

function readResult(
  status: number,
  headers: Headers,
  body: string,
  key: string,
  time: number,
): Result<Task, ApiError> {
  const json = parseJson(body)
  if (status === 200) {
    const task = readTask(json)
    return task.ok ? task : err({ kind: 'upstream', status, message: null })
  }
  const message = readMessage(json, key)
  switch (status) {
    case 400:
      return /missing user id/i.test(message ?? '')
        ? err({ kind: 'key' })
        : err({ kind: 'rejected', status, message })
    case 401:
      return err({ kind: 'key' })
    case 402:
      return err({ kind: 'credits', message })
    case 404:
      return err({ kind: 'missing' })
    case 429: {
      const until =
        readRetryAfter(headers.get('retry-after'), time) ??
        readRateLimit(headers, time)?.resetAt ??
        readWaitSentence(message ?? '', time)
      return err({ kind: 'limited', until, message })
    }
    case 504:
      return err({ kind: 'timeout' })
    default:
      return status >= 400 && status < 500
        ? err({ kind: 'rejected', status, message })
        : err({ kind: 'upstream', status, message })
  }
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const errorBody = v.union([
  v.string(),
  v.pipe(
    v.object({ message: v.string() }),
    v.transform(({ message }) => message),
  ),
  v.pipe(
    v.object({ error: v.string() }),
    v.transform(({ error }) => error),
  ),
])

/** The API's own words, cut to a length a page can hold, and never with the key in them. */
function readMessage(json: unknown, key: string): string | null {
  const parsed = v.safeParse(errorBody, json)
  if (!parsed.success || parsed.output.trim() === '') return null
  return parsed.output.replaceAll(key, '•••').slice(0, LONGEST_MESSAGE)
}

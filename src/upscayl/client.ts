import { now } from '../lib/clock.ts'
import { parseJson } from '../lib/parse-json.ts'
import { err, type Result } from '../lib/result.ts'
import type { ApiError } from './errors.ts'
import { isMissingUser, isRefusal, readProblem } from './problem.ts'
import { type RateLimit, readRateLimit, readRetryAfter, readWait } from './rate-limit.ts'
import type { Reply } from './reply.ts'
import type { Task } from './task.ts'
import type { TaskId } from './task-id.ts'
import { readTask } from './wire.ts'

/** Longer than the gateway's own limit, so that its clear 504 arrives first. */
const TIMEOUT_MS = 20_000

export type Answer = Told & (Replied | Silent)

/** What was understood of an answer, however it came. */
export interface Understood extends Told {
  readonly result: Result<Task, ApiError>
}

interface Told {
  /** What the answer said of the allowance, if anything. */
  readonly rateLimit: RateLimit | null
  /** Asked not to be asked again before this (epoch ms): Retry-After, or nothing left until a reset. */
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

/** That nothing came. */
export const silence = (kind: 'timeout' | 'network'): Answer => ({
  result: { ok: false, error: { kind } },
  rateLimit: null,
  notBefore: null,
  serverTime: null,
  reply: null,
})

/**
 * The whole answer, understood. For tests too, and for replays, which have no key ('') and read an
 * answer as of when it came: `time`, in epoch milliseconds.
 */
export function readAnswer(
  status: number,
  headers: Headers,
  body: string,
  key: string,
  time = now(),
): Answer {
  const serverTime = Date.parse(headers.get('date') ?? '')
  const rateLimit = readRateLimit(headers, time)
  const notBefore =
    readRetryAfter(headers.get('retry-after'), time) ??
    (rateLimit?.remaining === 0 ? rateLimit.resetAt : null)
  return {
    result: readResult(status, headers, body, key, time),
    rateLimit,
    notBefore,
    serverTime: Number.isNaN(serverTime) ? null : serverTime,
    reply: { status, headers: Object.fromEntries(headers), body },
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
  const problem = readProblem(json, key)
  const { message, code } = problem
  if (code === 'UPSTREAM_UNREACHABLE') return err({ kind: 'unreachable' })
  if (code === 'UPSTREAM_UNUSABLE') return err({ kind: 'upstream', status, message: null })
  switch (status) {
    case 400:
      return isMissingUser(problem)
        ? err({ kind: 'key' })
        : err({ kind: 'rejected', status, message })
    case 401:
      return err({ kind: 'key' })
    case 402:
      return err({ kind: 'credits', message })
    case 429:
      return err({ kind: 'limited', until: readWait(headers, message, time), message })
    case 504:
      return err({ kind: 'timeout' })
  }
  if (!isRefusal(status, json)) return err({ kind: 'upstream', status, message })
  return status === 404 ? err({ kind: 'missing' }) : err({ kind: 'rejected', status, message })
}

import * as v from 'valibot'
import { now } from '../lib/clock.ts'
import { err, type Result } from '../lib/result.ts'
import { safeText } from '../lib/safe-text.ts'
import type { ApiError } from './errors.ts'
import { type RateLimit, readRateLimit, readRetryAfter, readWaitSentence } from './rate-limit.ts'
import type { Reply } from './reply.ts'
import type { Task } from './task.ts'
import type { TaskId } from './task-id.ts'
import { readTask } from './wire.ts'

/** Longer than the gateway's own limit, so that its clear 504 arrives first. */
const TIMEOUT_MS = 20_000
const LONGEST_MESSAGE = 300

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
    result: readResult(status, body, key, notBefore ?? rateLimit?.resetAt ?? null, time),
    rateLimit,
    notBefore,
    serverTime: Number.isNaN(serverTime) ? null : serverTime,
    reply: { status, headers: Object.fromEntries(headers), body },
  }
}

function readResult(
  status: number,
  body: string,
  key: string,
  toldUntil: number | null,
  time: number,
): Result<Task, ApiError> {
  const json = parseJson(body)
  if (status === 200) {
    const task = readTask(json)
    return task.ok ? task : err({ kind: 'upstream', status, message: null })
  }
  const { message, code } = readProblem(json, key)
  if (code === 'UPSTREAM_UNREACHABLE') return err({ kind: 'unreachable' })
  if (code === 'UPSTREAM_UNUSABLE') return err({ kind: 'upstream', status, message: null })
  switch (status) {
    case 400:
      return /missing user id/i.test(message ?? '')
        ? err({ kind: 'key' })
        : err({ kind: 'rejected', status, message })
    case 401:
      return err({ kind: 'key' })
    case 402:
      return err({ kind: 'credits', message })
    case 429: {
      const until = toldUntil ?? readWaitSentence(message ?? '', time)
      return err({ kind: 'limited', until, message })
    }
    case 504:
      return err({ kind: 'timeout' })
  }
  // What is not the API's own word (a page of some server in between) says nothing of the question.
  const final = status >= 400 && status < 500 && json !== undefined && !RETRIED.has(status)
  if (!final) return err({ kind: 'upstream', status, message })
  return status === 404 ? err({ kind: 'missing' }) : err({ kind: 'rejected', status, message })
}

/** Request Timeout and Too Early: RFC 9110 and RFC 8470 invite the same request again. */
const RETRIED: ReadonlySet<number> = new Set([408, 425])

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const errorBody = v.object({
  error: v.fallback(v.optional(v.string(), ''), ''),
  message: v.fallback(v.optional(v.string(), ''), ''),
})

/** The words and the code of an error's body, cut to a length a page can hold, never with the key in them. */
function readProblem(json: unknown, key: string): { message: string | null; code: string } {
  const parsed = v.safeParse(errorBody, json)
  const { error, message } = parsed.success ? parsed.output : { error: '', message: '' }
  const words = typeof json === 'string' ? json : message === '' ? error : message
  const safe = safeText(key === '' ? words : words.replaceAll(key, '•••'), LONGEST_MESSAGE)
  return { message: safe === '' ? null : safe, code: error }
}

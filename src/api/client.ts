import { type ApiResponse, noResponse, parseResponse } from '../../core/api/parse-response.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { now } from '../lib/clock.ts'
import { reportNoResponse } from './server-signals.ts'

/** Longer than the server's own timeout, so that its 504 arrives first. */
const TIMEOUT_MS = 20_000

/** The user's request for a new response (RFC 9111, 5.2.1.4). */
const NO_CACHE = { 'Cache-Control': 'no-cache' }

/**
 * Sends one status request. It has a side effect (the first one after the end deducts the credits), so
 * nothing here repeats it, and it cannot be cancelled: a cancelled request has still had its effect.
 * `force`: for a response that was not returned before. Never rejects.
 *
 * Without any response the request counts as unsent: Loupe's server responds to every request, even if the
 * API does not. One that the browser aborted to leave the page may have been sent.
 */
export async function getTaskStatus(
  key: string,
  taskId: TaskId,
  force = false,
): Promise<ApiResponse> {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), TIMEOUT_MS)
  let unsent = true
  try {
    const response = await fetch('/api/get-task-status', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': key, ...(force ? NO_CACHE : {}) },
      body: JSON.stringify({ data: { taskId } }),
      credentials: 'omit',
      redirect: 'error',
      signal: timeout.signal,
    })
    unsent = false
    return parseResponse(response.status, response.headers, await response.text(), key, now())
  } catch {
    const { wasAborted } = await reportNoResponse()
    return timeout.signal.aborted
      ? noResponse('timeout')
      : noResponse('network', unsent && !wasAborted)
  } finally {
    clearTimeout(timer)
  }
}

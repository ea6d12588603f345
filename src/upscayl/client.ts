import { now } from '../lib/clock.ts'
import { type Answer, readAnswer, silence } from './read-answer.ts'
import type { TaskId } from './task-id.ts'

/** Longer than the gateway's own limit, so that its clear 504 arrives first. */
const TIMEOUT_MS = 20_000

/** A person's wish for a new answer (RFC 9111, 5.2.1.4). */
const NEW = { 'Cache-Control': 'no-cache' }

/**
 * Asks once how a task stands. Asking has a side effect (the first question after the end deducts the
 * credits), so nothing here repeats it, and it has no signal to be cancelled by: a read that was
 * cancelled has still had its effect. `wish`: for an answer that was not given before. Never rejects.
 *
 * Without any response the question counts as unsent: Loupe's server answers whatever reaches it, also where
 * the API does not.
 */
export async function getTaskStatus(key: string, taskId: TaskId, wish = false): Promise<Answer> {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), TIMEOUT_MS)
  let unsent = true
  try {
    const response = await fetch('/api/get-task-status', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': key, ...(wish ? NEW : {}) },
      body: JSON.stringify({ data: { taskId } }),
      credentials: 'omit',
      redirect: 'error',
      signal: timeout.signal,
    })
    unsent = false
    return readAnswer(response.status, response.headers, await response.text(), key, now())
  } catch {
    return timeout.signal.aborted ? silence('timeout') : silence('network', unsent)
  } finally {
    clearTimeout(timer)
  }
}

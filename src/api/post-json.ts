import type { AccountError, LimitError, Origin } from '../../core/api/errors.ts'
import { readWait } from '../../core/api/rate-limit.ts'
import {
  accountError,
  isErrorEnvelope,
  isRefusal,
  isSuccess,
  parseBody,
  readProblem,
} from '../../core/api/response-body.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { MINUTE } from '../../core/lib/units.ts'
import { now } from '../lib/clock.ts'
import { reportNoResponse } from './server-signals.ts'

/** Why a request failed that an API may not have at all. `message`: the API's own message, or null. */
export type RequestError =
  | { readonly kind: 'cancelled' }
  /** No response: no network, or a host that does not accept this page's origin. */
  | { readonly kind: 'network' }
  /** This server, API or storage does not have it. */
  | { readonly kind: 'unavailable' }
  | AccountError
  | LimitError
  /** A retry would be rejected again. */
  | ({ readonly kind: 'rejected'; readonly message: string | null } & Origin)
  /** A retry may succeed. */
  | ({ readonly kind: 'upstream'; readonly message: string | null } & Origin)

/** Longer than the server's own timeouts, so that its 504 arrives first. */
const TIMEOUT_MS = 2 * MINUTE

/**
 * Sends JSON to the API and returns that of a successful response, null for an empty one. Never repeats
 * anything, and never rejects.
 */
export async function postJson(
  path: string,
  key: string,
  body: unknown,
  signal: AbortSignal,
): Promise<Result<unknown, RequestError>> {
  const timeout = new AbortController()
  const abort = () => timeout.abort()
  const timer = setTimeout(abort, TIMEOUT_MS)
  signal.addEventListener('abort', abort)
  try {
    signal.throwIfAborted()
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': key },
      body: JSON.stringify(body),
      credentials: 'omit',
      redirect: 'error',
      signal: timeout.signal,
    })
    return parseJsonResponse(response.status, response.headers, await response.text(), key)
  } catch {
    if (signal.aborted) return err({ kind: 'cancelled' })
    await reportNoResponse()
    return err({ kind: 'network' })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

const NO_CONTENT = 204

/** `time`: when it came, epoch milliseconds. Never throws. */
export function parseJsonResponse(
  status: number,
  headers: Headers,
  body: string,
  key: string,
  time = now(),
): Result<unknown, RequestError> {
  if (status === NO_CONTENT) return ok(null)
  const json = parseBody(body)
  const problem = readProblem(json, key)
  const { message, origin } = problem
  const ofAccount = accountError(status, problem)
  if (ofAccount !== null) return err(ofAccount)
  if (isSuccess(status)) {
    // A static host returns its page for any path.
    if (json === undefined) return err({ kind: 'unavailable' })
    return typeof json !== 'object' || isErrorEnvelope(json ?? {})
      ? err({ kind: 'upstream', message })
      : ok(json)
  }
  if (status === 404 || status === 405 || status === 501) return err({ kind: 'unavailable' })
  if (status === 429) {
    return err({ kind: 'limited', until: readWait(headers, message, time), message, ...origin })
  }
  return err({ kind: isRefusal(status, json) ? 'rejected' : 'upstream', message, ...origin })
}

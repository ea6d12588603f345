import type { Handler } from 'hono'
import { createSecretRedactor } from '../../core/api/redact-secrets.ts'
import { MAX_FORM_BYTES, MIB } from '../../core/api/upload-limits.ts'
import { MINUTE } from '../../core/lib/units.ts'
import { readIdempotencyKey } from '../http/idempotency-key.ts'
import { keyedHash } from '../http/keyed-hash.ts'
import { createLimitedBody, PayloadTooLarge } from '../http/limited-body.ts'
import { problem } from '../http/problem.ts'
import { requestIdOf } from '../http/request-id.ts'
import { createFormRelay, type FormRelay } from './form-relay.ts'
import {
  createIdempotentRequests,
  createMemoryStore,
  NotRecorded,
  type Outcome,
  type RequestStore,
} from './idempotent-requests.ts'
import {
  failureProblem,
  fetchUpstream,
  logFailure,
  requestHeaders,
  START_HEADERS,
  type UpstreamFailure,
  type UpstreamOptions,
  type UpstreamRequest,
  type UpstreamResult,
} from './upstream.ts'

export const START_PATH = '/start-task'

const MAX_RESPONSE_BYTES = 64 * 1024

/** Not the whole upload: one that is cut off tells the browser as much as a failure would. */
const FAILURE_DRAIN_MS = 10_000

export interface CreateTaskOptions extends Omit<UpstreamOptions, 'timeoutMs'> {
  readonly uploadIdleMs?: number
  readonly now?: () => number
  /** Called with the error when something can't be stored. */
  readonly onError: (error: unknown) => void
  /** Persistent store of task starts. Their IDs are hashes keyed with `secret`. */
  readonly stores?: { readonly starts: RequestStore; readonly secret: Uint8Array<ArrayBuffer> }
}

/**
 * `POST /start-task`: streamed through, so that a form that breaks off here breaks off upstream too, and
 * sent once per Idempotency-Key.
 */
export function createTaskRoute(options: CreateTaskOptions): Handler {
  const { uploadIdleMs: idleMs = MINUTE, now = Date.now } = options
  const { starts: store, secret } = options.stores ?? {
    starts: createMemoryStore(now),
    secret: crypto.getRandomValues(new Uint8Array(32)),
  }
  const starts = createIdempotentRequests(store, options.onError)

  return async (c) => {
    const { headers, body, url } = c.req.raw
    if (!/^multipart\/form-data\s*;/i.test(headers.get('content-type') ?? '')) {
      return problem('NOT_MULTIPART')
    }
    const length = Number(headers.get('content-length') || Number.NaN)
    if (!Number.isInteger(length)) return problem('LENGTH_REQUIRED')
    if (length > MAX_FORM_BYTES) return TOO_LARGE()
    const idempotencyKey = readIdempotencyKey(headers)
    if (idempotencyKey?.usable === false) return problem('IDEMPOTENCY_KEY_UNUSABLE')

    const limited = createLimitedBody(body, { maxBytes: MAX_FORM_BYTES, idleMs })
    const send = (record?: () => void) => {
      const form = createFormRelay(limited.chunks, length, idleMs, record)
      return sendStart(options, form, idleMs, {
        url: new URL(START_PATH, url),
        requestId: requestIdOf(c),
        method: 'POST',
        headers: requestHeaders(headers, START_HEADERS),
        body: form.body,
      })
    }
    const key = headers.get('x-api-key') ?? ''
    const response =
      idempotencyKey === null
        ? (await send()).response()
        : await starts(await keyedHash(secret, `${key}\n${idempotencyKey.key}`), send)
    await limited.drain(response.status < 500 ? undefined : FAILURE_DRAIN_MS)
    return response
  }
}

const TOO_LARGE = () =>
  problem('BODY_TOO_LARGE', {}, `It may have at most ${MAX_FORM_BYTES / MIB} MiB.`)

async function sendStart(
  { upstream, log }: CreateTaskOptions,
  form: FormRelay,
  idleMs: number,
  request: UpstreamRequest,
): Promise<Outcome> {
  const startedAt = performance.now()
  const limits = { timeoutMs: form.deadline, maxBytes: MAX_RESPONSE_BYTES }
  const result = await fetchUpstream(upstream, request, limits)
  const error = form.error()
  // The browser caused it, whatever the upstream's response to the partial form.
  if (error !== null && !form.isSent()) return none(brokenForm(error))
  const effect = effectOf(result, form.isSent())
  const response = result.ok ? result.value : failureOf(result.error, effect, idleMs)
  logFailure(log, { request, result, status: response.status, startedAt })
  return { effect, ...(await redactedCopy(response, request.headers.get('x-api-key') ?? '')) }
}

function brokenForm(error: unknown): Response {
  if (error instanceof NotRecorded) return error.response
  return error instanceof PayloadTooLarge ? TOO_LARGE() : problem('BODY_CUT_OFF')
}

const none = (response: Response): Outcome => ({ effect: 'none', response: () => response })

/** UPSTREAM_UNREACHABLE, and no other failure, tells the dashboard that no task was started. */
function failureOf(failure: UpstreamFailure, effect: Outcome['effect'], idleMs: number): Response {
  const isUnreachable = failure.kind === 'unreachable'
  if (effect === 'unknown') {
    return isUnreachable
      ? problem('UPSTREAM_UNUSABLE', {}, 'The image was uploaded, so the task may have started.')
      : failureProblem(failure, `No response for ${idleMs / 1000} s. The task may have started.`)
  }
  if (isUnreachable) return failureProblem(failure, '')
  const why =
    failure.kind === 'timeout'
      ? `It accepted no data for ${idleMs / 1000} s.`
      : 'Its response was unreadable, and came before the end of the upload.'
  return problem('UPSTREAM_UNREACHABLE', {}, `${why} No task was started.`)
}

/** The copy is stored, so it must not contain the key, which an API may repeat. */
async function redactedCopy(response: Response, key: string): Promise<Pick<Outcome, 'response'>> {
  const { status } = response
  const scrub = createSecretRedactor(key)
  const headers = [...response.headers].map(([name, value]): [string, string] => [
    name,
    scrub(value),
  ])
  const body = response.body === null ? null : scrub(await response.text())
  return { response: () => new Response(body, { status, headers }) }
}

/** 408 and 409 are not rejections: a server in between may have given up on a start that goes on. */
const UNSURE: readonly number[] = [408, 409]

function effectOf(result: UpstreamResult, isSent: boolean): Outcome['effect'] {
  if (result.ok) {
    const { status } = result.value
    if (status < 300) return 'known'
    if (status < 500 && !UNSURE.includes(status)) return 'none'
  } else if (result.error.kind === 'unreachable' && result.error.unsent) {
    return 'none'
  }
  // A form without its end is invalid.
  return isSent ? 'unknown' : 'none'
}

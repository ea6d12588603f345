import { isRateHeader } from '../../core/api/rate-limit.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type { Log } from '../http/log.ts'
import { problem } from '../http/problem.ts'
import { readLimited } from '../http/read-request.ts'

/* The API behind this server: each request is sent once, with only the headers it needs. */

/** Anything that behaves like the Upscayl API: the sandbox, or the API itself. */
export type Upstream = (request: Request) => Promise<Response>

/** Fetch requires this for a stream body. */
const HALF_DUPLEX = { duplex: 'half' } as const

/** Wraps a stream so that `fetch` sends its length. Node uses the header instead. */
export type Sized = (body: ReadableStream<Uint8Array>, length: number) => ReadableStream<Uint8Array>

/**
 * The API at `baseUrl` (http(s), without a trailing slash). Uses only the path and query of a
 * request's URL. A redirect is returned unfollowed, so that the key never goes to another host.
 * Rejects as `fetch` does when there is no response.
 */
export function remoteUpstream(baseUrl: string, sized: Sized = (body) => body): Upstream {
  return async (request) => {
    const { pathname, search } = new URL(request.url)
    const { method, headers, signal } = request
    const length = headers.get('content-length')
    let body: BodyInit | null = request.body
    if (body !== null) {
      // As bytes: a stream without a length would be sent in chunks, which not every API accepts.
      body = length === null ? await request.arrayBuffer() : sized(body, Number(length))
    }
    const init = { method, headers, body, signal, ...HALF_DUPLEX, redirect: 'manual' } as const
    return fetch(`${baseUrl}${pathname}${search}`, init)
  }
}

const REQUEST_HEADERS = ['accept', 'content-type', 'x-api-key']

/** Headers of a task start: the form is streamed, and the API may support Idempotency-Key. */
export const START_HEADERS = [...REQUEST_HEADERS, 'content-length', 'idempotency-key']

/** The browser's headers that the upstream needs. Cookies and credentials of this site stay here. */
export const requestHeaders = (from: Headers, names = REQUEST_HEADERS): Headers =>
  new Headers([...from].filter(([name]) => names.includes(name)))

const RESPONSE_HEADERS = ['content-type', 'date', 'retry-after', 'x-task-cost']

/** The upstream's headers that the dashboard needs. */
export const responseHeaders = (from: Headers): Headers =>
  new Headers([...from].filter(([name]) => RESPONSE_HEADERS.includes(name) || isRateHeader(name)))

export interface UpstreamRequest {
  /** ID of the client's request; null where requests have none. */
  readonly requestId: string | null
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null
}

/** Starts a deadline that may call `giveUp`; the returned function stops it. */
export type Deadline = (giveUp: () => void) => () => void

interface FetchLimits {
  /** Covers the response including its whole body. */
  readonly timeoutMs: number | Deadline
  readonly maxBytes: number
}

/**
 * `code` is a system error such as ECONNREFUSED, if there is one. `unsent`: the request certainly did
 * not reach the API.
 */
export type UpstreamFailure =
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable'; readonly code: string | null; readonly unsent: boolean }
  /** A redirect, an endless body, or an invalid HTTP status. */
  | { readonly kind: 'unusable' }

export type UpstreamResult = Result<Response, UpstreamFailure>

/**
 * Keeps requests alive until they finish: Node's fetch holds a request's signal weakly, and would leave
 * a hanging connection open if the request were collected before the timeout.
 */
const underWay = new Set<Request>()

/**
 * Sends one request, once, and waits for the whole response. Independent of the browser's request,
 * except for a stream body: a request that was sent has its effect and is not cancelled.
 */
export async function fetchUpstream(
  upstream: Upstream,
  { url, method, headers, body }: UpstreamRequest,
  { timeoutMs, maxBytes }: FetchLimits,
): Promise<UpstreamResult> {
  const controller = new AbortController()
  const { signal } = controller
  let giveUp = (): void => undefined
  // A race, because an upstream may ignore the signal.
  const timeout = new Promise<UpstreamResult>((resolve) => {
    giveUp = () => {
      resolve(err({ kind: 'timeout' }))
      controller.abort()
    }
  })
  const stop = typeof timeoutMs === 'number' ? timer(timeoutMs, giveUp) : timeoutMs(giveUp)
  let request: Request | null = null
  try {
    request = new Request(url, { method, headers, body, signal, ...HALF_DUPLEX })
    underWay.add(request)
    const response = upstream(request).then((head) => readWhole(head, maxBytes, signal))
    return await Promise.race([response, timeout])
  } catch (error) {
    return err({ kind: 'unreachable', code: systemCode(error), unsent: isUnsent(error) })
  } finally {
    stop()
    if (request !== null) underWay.delete(request)
  }
}

function timer(ms: number, giveUp: () => void): () => void {
  const started = setTimeout(giveUp, ms)
  return () => clearTimeout(started)
}

async function readWhole(
  { status, headers, body }: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<UpstreamResult> {
  const isUsable = (status >= 200 && status < 300) || (status >= 400 && status < 600)
  if (!isUsable) body?.cancel().catch(() => undefined)
  const bytes = isUsable ? await readLimited(body, maxBytes, signal) : null
  if (bytes === null) return err({ kind: 'unusable' })
  const isBare = status === 204 || status === 205 // Fetch, 2.2.3
  return ok(new Response(isBare ? null : bytes, { status, headers: responseHeaders(headers) }))
}

/** Only the code: an error's text may quote the request, and so the key. */
const systemCode = (error: unknown): string | null =>
  stringsOf(error, 'code').find((code) => /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) ?? null

const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']
/** System calls before a connection exists. Codes such as EHOSTUNREACH can come from these and others. */
const CONNECTING = ['connect', 'getaddrinfo']

const isUnsent = (error: unknown): boolean =>
  stringsOf(error, 'code').some((code) => NOT_CONNECTED.includes(code)) ||
  stringsOf(error, 'syscall').some((call) => CONNECTING.includes(call))

/** Values of a field in an error and its cause. */
function stringsOf(error: unknown, field: 'code' | 'syscall'): readonly string[] {
  return [error, error instanceof Error ? error.cause : null].flatMap((candidate) => {
    const word: unknown =
      typeof candidate === 'object' && candidate !== null ? Reflect.get(candidate, field) : null
    return typeof word === 'string' ? [word] : []
  })
}

export interface UpstreamOptions {
  readonly upstream: Upstream
  readonly timeoutMs: number
  readonly log?: Log | undefined
}

const MAX_RESPONSE_BYTES = 4 * 1024 * 1024

/** Sends one request, once. Always returns a response, and logs a failure. */
export async function sendUpstream(
  { upstream, timeoutMs, log }: UpstreamOptions,
  request: UpstreamRequest,
): Promise<Response> {
  const startedAt = performance.now()
  const result = await fetchUpstream(upstream, request, { timeoutMs, maxBytes: MAX_RESPONSE_BYTES })
  const timeout = `No response for ${timeoutMs / 1000} s. The request may still have had its effect.`
  const response = result.ok ? result.value : failureProblem(result.error, timeout)
  logFailure(log, { request, result, status: response.status, startedAt })
  return response
}

/** `timeout`: the detail to add for a timeout. */
export function failureProblem(failure: UpstreamFailure, timeout: string): Response {
  if (failure.kind === 'timeout') return problem('UPSTREAM_TIMEOUT', {}, timeout)
  if (failure.kind === 'unusable') return problem('UPSTREAM_UNUSABLE')
  return problem('UPSTREAM_UNREACHABLE', {}, '', failure.unsent ? { sent: false } : {})
}

interface Exchange {
  readonly request: UpstreamRequest
  readonly result: UpstreamResult
  /** Status sent to the browser. */
  readonly status: number
  /** By performance.now(). */
  readonly startedAt: number
}

export function logFailure(
  log: Log | undefined,
  { request: { requestId, method, url }, result, status, startedAt }: Exchange,
): void {
  if (status < 500) return
  const code = result.ok || result.error.kind !== 'unreachable' ? null : result.error.code
  log?.({
    event: 'upstream-failure',
    ...(requestId === null ? {} : { id: requestId }),
    method,
    path: url.pathname,
    status,
    ms: Math.round(performance.now() - startedAt),
    ...(code === null ? {} : { code }),
  })
}

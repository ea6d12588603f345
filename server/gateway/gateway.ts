import { readFile } from 'node:fs/promises'
import { type Handler, Hono } from 'hono'
import { LONGEST_RECORDING } from '../../src/upscayl/recording.ts'
import type { Log } from '../log.ts'
import type { Upstream } from '../upstream.ts'
import { type AskFailure, ask, type Question } from './ask.ts'
import { readLimited } from './body.ts'
import { requestHeaders } from './headers.ts'
import { problem } from './problem.ts'

const MAX_REQUEST_BYTES = 64 * 1024
const MAX_ANSWER_BYTES = 4 * 1024 * 1024
const JSON_TYPE = /^application\/json\s*(?:;|$)/i

export interface GatewayOptions {
  readonly upstream: Upstream
  readonly timeoutMs: number
  /** Adds what only the sandbox has. */
  readonly sandbox: boolean
  readonly log?: Log
}

interface Endpoint {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** The longest body; MAX_REQUEST_BYTES where it is not said. */
  readonly maxBytes?: number
}

/** All that is ever asked of an upstream, by the path it has here (under /api) and there. */
const ENDPOINTS: readonly Endpoint[] = [{ method: 'POST', path: '/get-task-status' }]
const SANDBOX_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/sandbox' },
  { method: 'POST', path: '/sandbox/tasks' },
  { method: 'POST', path: '/sandbox/recordings', maxBytes: LONGEST_RECORDING },
]

/** Describes every answer given here. It is read when somebody wants it. */
const CONTRACT = new URL('../openapi.yaml', import.meta.url)
const CONTRACT_PATH = '/openapi.yaml'

/** Everything under /api: what stands between the browser and the API. */
export function createGateway(options: GatewayOptions): Hono {
  const gateway = new Hono()
  gateway.use(async (c, next) => {
    // A page of another site can make the browser send a question, though it cannot read the answer.
    if (c.req.header('sec-fetch-site') === 'cross-site') c.res = problem('CROSS_SITE')
    else await next()
    c.res.headers.set('Cache-Control', 'no-store')
  })
  for (const endpoint of [...ENDPOINTS, ...(options.sandbox ? SANDBOX_ENDPOINTS : [])]) {
    gateway.on(endpoint.method, endpoint.path, relay(endpoint, options))
    const allow = endpoint.method === 'GET' ? 'GET, HEAD' : endpoint.method
    gateway.all(endpoint.path, () => problem('METHOD_NOT_ALLOWED', { Allow: allow }))
  }
  gateway.get(CONTRACT_PATH, async () => {
    const headers = { 'Content-Type': 'application/yaml' } // RFC 9512
    return new Response(await readFile(CONTRACT), { headers })
  })
  gateway.all(CONTRACT_PATH, () => problem('METHOD_NOT_ALLOWED', { Allow: 'GET, HEAD' }))
  gateway.all('*', () => problem('NOT_FOUND'))
  return gateway
}

function relay(
  { method, path, maxBytes = MAX_REQUEST_BYTES }: Endpoint,
  options: GatewayOptions,
): Handler {
  const limits = { timeoutMs: options.timeoutMs, maxAnswerBytes: MAX_ANSWER_BYTES }
  return async (c) => {
    const request = c.req.raw
    const body = method === 'POST' ? await readJsonBody(request, maxBytes) : null
    if (body instanceof Response) return body
    const question: Question = {
      // The sandbox makes links from the origin the browser knows; a remote API ignores it.
      url: new URL(path, request.url),
      method,
      headers: requestHeaders(request.headers),
      body,
    }
    const startedAt = performance.now()
    const asked = await ask(options.upstream, question, limits)
    const answer = asked.ok ? asked.value : failureResponse(asked.error, options.timeoutMs)
    if (answer.status >= 500) {
      const code = asked.ok || asked.error.kind !== 'unreachable' ? null : asked.error.code
      options.log?.({
        event: 'upstream-failure',
        method,
        path,
        status: answer.status,
        ms: Math.round(performance.now() - startedAt),
        ...(code === null ? {} : { code }),
      })
    }
    return answer
  }
}

async function readJsonBody(
  request: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | Response> {
  if (!JSON_TYPE.test(request.headers.get('content-type') ?? '')) return problem('NOT_JSON')
  try {
    return (
      (await readLimited(request.body, maxBytes)) ??
      problem('BODY_TOO_LARGE', {}, `It may have at most ${maxBytes / 1024} KiB.`)
    )
  } catch {
    return problem('BODY_CUT_OFF')
  }
}

function failureResponse(failure: AskFailure, timeoutMs: number): Response {
  switch (failure.kind) {
    case 'timeout':
      return problem(
        'UPSTREAM_TIMEOUT',
        {},
        `It had ${timeoutMs / 1000} s, and may have taken the question all the same.`,
      )
    case 'unreachable':
      return problem('UPSTREAM_UNREACHABLE')
    case 'unusable':
      return problem('UPSTREAM_UNUSABLE')
  }
}

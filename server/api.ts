import { type Handler, Hono } from 'hono'
import { MAX_RECORDING_LENGTH } from '../core/api/recording.ts'
import { MAX_COMPLETE_BYTES } from '../core/api/upload-limits.ts'
import { MINUTE } from '../core/lib/units.ts'
import { fullQuota } from '../core/quota/quota.ts'
import { errorRecord } from './http/log.ts'
import { problem } from './http/problem.ts'
import { readJsonBody } from './http/read-request.ts'
import { hasOwnHeaders, requestIdOf } from './http/request-id.ts'
import { route } from './http/route.ts'
import type { TaskStore } from './proxy/cached-status.ts'
import { createTaskRoute, START_PATH } from './proxy/create-task-route.ts'
import type { RequestStore } from './proxy/idempotent-requests.ts'
import type { KeyStore } from './proxy/key-store.ts'
import type { StatusRequest } from './proxy/status-cache.ts'
import { createStatusCaches } from './proxy/status-caches.ts'
import { statusRoute } from './proxy/status-route.ts'
import {
  requestHeaders,
  sendUpstream,
  type UpstreamOptions,
  type UpstreamRequest,
} from './proxy/upstream.ts'
import { routeNoShares, routeShares, type Sharing } from './sharing/share-route.ts'

const STATUS_PATH = '/get-task-status'
const MAX_REQUEST_BYTES = 64 * 1024

/** Stores that outlive the process. API keys appear only as hashes keyed with `secret`. */
export interface Stores {
  readonly starts: RequestStore
  readonly keys: KeyStore
  readonly secret: Uint8Array<ArrayBuffer>
  /** Tasks of the single key served here. */
  readonly tasks?: TaskStore
}

export interface ApiOptions extends UpstreamOptions {
  /** Adds the routes that only the sandbox has. */
  readonly sandbox: boolean
  /** Idle timeout of an upload. */
  readonly uploadIdleMs?: number
  /**
   * Status requests per key and hour. The server counts and joins them and caches the responses.
   * Null or omitted: every request is passed on, and the client counts.
   */
  readonly hourlyLimit?: number | null
  /** Without it, everything is lost when the process ends. */
  readonly stores?: Stores
  /** Adds live links. */
  readonly sharing?: Sharing | undefined
  /** Epoch milliseconds. */
  readonly now?: () => number
  /** Adds openapi.yaml, read on demand. */
  readonly contract?: () => Promise<string>
}

/** Everything under /api: the layer between the browser and the API. */
export function createApi(options: ApiOptions): Hono {
  const gateway = new Hono()
  gateway.use(async (c, next) => {
    // Another site's page can make the browser send a request, even though it can't read the response.
    if (c.req.header('sec-fetch-site') === 'cross-site') c.res = problem('CROSS_SITE')
    else await next()
    if (hasOwnHeaders(c) || c.res.headers.has('Cache-Control')) return
    c.res.headers.set('Cache-Control', 'no-store')
  })
  const { now = Date.now, hourlyLimit = null, stores } = options
  const onError = (error: unknown) =>
    options.log?.(errorRecord(error instanceof Error ? error : new Error()))
  const statusCaches = createStatusCaches({
    send: (wanted) => sendUpstream(options, statusRequest(wanted)),
    now,
    // Sandbox links use the request's host name, which any client can choose.
    byOrigin: options.sandbox,
    quota: fullQuota(hourlyLimit ?? undefined),
    onError,
    ...(stores === undefined ? {} : { keys: stores.keys, secret: stores.secret }),
    ...(stores?.tasks === undefined ? {} : { store: stores.tasks }),
  })
  // The storage joins up to 100 MiB before it responds.
  const joining = { ...options, timeoutMs: options.uploadIdleMs ?? MINUTE }
  const counts = hourlyLimit !== null
  const status = counts ? statusRoute(statusCaches, now) : relay(options, 'POST')
  route(gateway, STATUS_PATH, { POST: status })
  route(gateway, START_PATH, { POST: createTaskRoute({ ...options, onError }) })
  route(gateway, '/get-upload-url', { POST: relay(options, 'POST') })
  route(gateway, '/get-upscayl-history', { POST: relay(options, 'POST') })
  route(gateway, '/complete-multipart-upload', { POST: relay(joining, 'POST', MAX_COMPLETE_BYTES) })
  if (options.sandbox) {
    route(gateway, '/sandbox', { GET: relay(options, 'GET') })
    route(gateway, '/sandbox/tasks', { POST: relay(options, 'POST') })
    route(gateway, '/sandbox/recordings', { POST: relay(options, 'POST', MAX_RECORDING_LENGTH) })
  }
  const { sharing, contract } = options
  if (sharing === undefined) routeNoShares(gateway)
  else routeShares(gateway, { sharing, statusCaches, now })
  if (contract !== undefined) {
    const headers = { 'Content-Type': 'application/yaml' } // RFC 9512
    const GET = async () => new Response(await contract(), { headers })
    route(gateway, '/openapi.yaml', { GET })
  }
  gateway.all('*', () => problem('NOT_FOUND'))
  return gateway
}

/** The status request of a task. The sandbox builds its links from `origin`; a remote API ignores it. */
const statusRequest = ({ key, taskId, origin, requestId }: StatusRequest): UpstreamRequest => ({
  requestId,
  url: new URL(STATUS_PATH, origin),
  method: 'POST',
  headers: new Headers({ 'Content-Type': 'application/json', 'X-API-Key': key }),
  body: new TextEncoder().encode(JSON.stringify({ data: { taskId } })),
})

/** Forwards a request to the same path upstream, without /api. */
function relay(
  options: UpstreamOptions,
  method: 'GET' | 'POST',
  maxBytes = MAX_REQUEST_BYTES,
): Handler {
  return async (c) => {
    const { raw: request, path } = c.req
    const body = method === 'POST' ? await readJsonBody(request, maxBytes) : null
    if (body instanceof Response) return body
    return sendUpstream(options, {
      // The sandbox builds links from the browser's origin; a remote API ignores it.
      url: new URL(path.replace(/^\/api/, ''), request.url),
      requestId: requestIdOf(c),
      method,
      headers: requestHeaders(request.headers),
      body,
    })
  }
}

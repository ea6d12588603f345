import { type Handler, Hono } from 'hono'
import { fullAllowance } from '../../src/polling/budget.ts'
import { LONGEST_RECORDING } from '../../src/upscayl/recording.ts'
import { faultRecord } from '../log.ts'
import { requestIdOf } from '../request-id.ts'
import type { Sharing } from '../share/open-sharing.ts'
import { noShareRoute, shareRoute } from '../share/share-route.ts'
import { hasThem } from '../standing-headers.ts'
import { createCoordinators } from './coordinators.ts'
import { requestHeaders } from './headers.ts'
import { readJsonBody } from './json-body.ts'
import type { KeyStore } from './key-store.ts'
import { problem } from './problem.ts'
import { putQuestion, type QuestionOptions, STATUS_PATH, statusQuestion } from './put-question.ts'
import { relayStart, START_PATH } from './relay-start.ts'
import type { TaskStore } from './remembered.ts'
import type { StartStore } from './starts.ts'
import { statusRoute } from './status-route.ts'

const MAX_REQUEST_BYTES = 64 * 1024

/** What outlives the process. Of a key it has hashes under `secret`. */
export interface Keeping {
  readonly starts: StartStore
  readonly keys: KeyStore
  readonly secret: Uint8Array<ArrayBuffer>
  /** Of the only key there is here. */
  readonly tasks?: TaskStore
}

export interface GatewayOptions extends QuestionOptions {
  /** Adds what only the sandbox has. */
  readonly sandbox: boolean
  /** How long an upload may stand still. */
  readonly uploadIdleMs?: number
  /**
   * Questions that may be asked with one key in an hour. They are counted and joined here, and answers
   * are given again. Null, or left out: each question is passed on, and whoever asks counts.
   */
  readonly hourlyQuestions?: number | null
  /** Without it all is forgotten when the process ends. */
  readonly keeping?: Keeping
  /** Adds live links. */
  readonly sharing?: Sharing
  /** Epoch milliseconds. */
  readonly now?: () => number
  /** Adds openapi.yaml, which is read when somebody wants it. */
  readonly contract?: () => Promise<string>
}

interface Endpoint {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** The longest body; MAX_REQUEST_BYTES where it is not said. */
  readonly maxBytes?: number
}

/** What is asked of an upstream, by the path it has here (under /api) and there. */
const STATUS: Endpoint = { method: 'POST', path: STATUS_PATH }
const SANDBOX_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/sandbox' },
  { method: 'POST', path: '/sandbox/tasks' },
  { method: 'POST', path: '/sandbox/recordings', maxBytes: LONGEST_RECORDING },
]

/** Describes every answer given here. */
const CONTRACT_PATH = '/openapi.yaml'

/** Everything under /api: what stands between the browser and the API. */
export function createGateway(options: GatewayOptions): Hono {
  const gateway = new Hono()
  gateway.use(async (c, next) => {
    // A page of another site can make the browser send a question, though it cannot read the answer.
    if (c.req.header('sec-fetch-site') === 'cross-site') c.res = problem('CROSS_SITE')
    else await next()
    if (hasThem(c) || c.res.headers.has('Cache-Control')) return
    c.res.headers.set('Cache-Control', 'no-store')
  })
  const { now = Date.now, hourlyQuestions = null, keeping } = options
  const onFault = (error: unknown) =>
    options.log?.(faultRecord(error instanceof Error ? error : new Error()))
  const coordinators = createCoordinators({
    send: (wanted) => putQuestion(options, statusQuestion(wanted)),
    now,
    // Its links lead to the name that it was asked under, which anybody may choose.
    apart: options.sandbox,
    allowance: fullAllowance(hourlyQuestions ?? undefined),
    onFault,
    ...(keeping === undefined ? {} : { keys: keeping.keys, secret: keeping.secret }),
    ...(keeping?.tasks === undefined ? {} : { store: keeping.tasks }),
  })
  for (const endpoint of [STATUS, ...(options.sandbox ? SANDBOX_ENDPOINTS : [])]) {
    const counts = endpoint === STATUS && hourlyQuestions !== null
    const handler = counts ? statusRoute(coordinators, now) : relay(endpoint, options)
    gateway.on(endpoint.method, endpoint.path, handler)
    const allow = endpoint.method === 'GET' ? 'GET, HEAD' : endpoint.method
    gateway.all(endpoint.path, () => problem('METHOD_NOT_ALLOWED', { Allow: allow }))
  }
  gateway.post(START_PATH, relayStart({ ...options, onFault }))
  gateway.all(START_PATH, () => problem('METHOD_NOT_ALLOWED', { Allow: 'POST' }))
  const { sharing, contract } = options
  gateway.route(
    '/',
    sharing === undefined ? noShareRoute() : shareRoute({ sharing, coordinators, now }),
  )
  if (contract !== undefined) {
    gateway.get(CONTRACT_PATH, async () => {
      const headers = { 'Content-Type': 'application/yaml' } // RFC 9512
      return new Response(await contract(), { headers })
    })
    gateway.all(CONTRACT_PATH, () => problem('METHOD_NOT_ALLOWED', { Allow: 'GET, HEAD' }))
  }
  gateway.all('*', () => problem('NOT_FOUND'))
  return gateway
}

function relay(
  { method, path, maxBytes = MAX_REQUEST_BYTES }: Endpoint,
  options: GatewayOptions,
): Handler {
  return async (c) => {
    const request = c.req.raw
    const body = method === 'POST' ? await readJsonBody(request, maxBytes) : null
    if (body instanceof Response) return body
    return putQuestion(options, {
      // The sandbox makes links from the origin the browser knows; a remote API ignores it.
      url: new URL(path, request.url),
      requestId: requestIdOf(c),
      method,
      headers: requestHeaders(request.headers),
      body,
    })
  }
}

import { type Handler, Hono, type MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { type ApiOptions, createApi } from './api.ts'
import { allowedHosts, type Names } from './http/allowed-hosts.ts'
import { errorRecord } from './http/log.ts'
import { problem } from './http/problem.ts'
import { apiHeaders, type IdentifyOptions, identify, requestIdOf } from './http/request-id.ts'
import { type ClientLimit, limitRequests } from './http/request-limit.ts'
import { route } from './http/route.ts'
import type { Site } from './http/site.ts'

export interface AppOptions extends ApiOptions, IdentifyOptions {
  /** Host names of this server; null where only its own names can reach it. */
  readonly names: Names | null
  /** Handles requests under /api that belong elsewhere, and leaves the rest to this app. */
  readonly forward?: MiddlewareHandler
  /** Extra origin for files besides this server and https: a remote API that uses http. */
  readonly fileOrigin?: string | undefined
  /** Serves every path that isn't the API's: the built dashboard. Absent where Vite does that. */
  readonly site?: Site | undefined
  /** Rate limit per client under /api; without it there is none. */
  readonly clientLimit?: ClientLimit | undefined
  /** Aborted when the server shuts down: no new requests are accepted from then on. */
  readonly closing?: AbortSignal
}

const isGatewayPath = (path: string): boolean => /^\/api(?:\/|$)/.test(path)

const securityHeaders = (files: readonly string[], inlined: readonly string[]) =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", ...inlined],
      styleSrc: ["'self'", ...inlined],
      fontSrc: ["'self'"],
      manifestSrc: ["'self'"],
      workerSrc: ["'self'"],
      // Thumbnails and files can be on any host the API uses; files are fetched for checking and zipping.
      imgSrc: ["'self'", 'data:', 'blob:', 'https:', ...files],
      connectSrc: ["'self'", 'https:', ...files],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      // The gallery shows the dashboard's own pages in frames; other sites may not.
      frameSrc: ["'self'"],
      frameAncestors: ["'self'"],
    },
    // URLs contain task IDs.
    referrerPolicy: 'no-referrer',
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    xFrameOptions: 'SAMEORIGIN',
    // The server speaks plain http; a TLS proxy in front sets HSTS.
    strictTransportSecurity: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    permissionsPolicy: {
      camera: [],
      geolocation: [],
      microphone: [],
      payment: [],
      usb: [],
    },
  })

/** The whole server as one function from Request to Response; the caller listens on the port. */
export function createApp(options: AppOptions): Hono {
  const app = new Hono()
  const { fileOrigin, closing, clientLimit, names, forward } = options
  const pageHeaders = securityHeaders(
    fileOrigin === undefined ? [] : [fileOrigin],
    options.site?.inlined ?? [],
  )
  app.use((c, next) => (isGatewayPath(c.req.path) ? next() : pageHeaders(c, next)))
  // Before the host check: load balancers use the IP address.
  route(app, '/healthz', { GET: () => health(closing) })
  app.use('/api/*', identify(options), apiHeaders)
  // Rejects new requests on open connections; requests in progress finish.
  app.use(async (_, next) => (closing?.aborted ? problem('CLOSING', LAST_ANSWER) : next()))
  if (clientLimit !== undefined) app.use('/api/*', limitRequests(clientLimit))
  if (names !== null) app.use(allowedHosts(names))
  if (forward !== undefined) app.use('/api/*', forward)
  app.route('/api', createApi(options))
  // Target of the sandbox's links; a remote API has its own.
  const linked: Handler = (c) => forwardFile(options, c.req.raw)
  for (const [path, handlers] of [
    ['/files/*', { GET: linked }],
    ['/samples/*', { GET: linked }],
    ['/uploads/*', { PUT: linked }],
  ] as const) {
    if (options.sandbox) route(app, path, handlers)
    else app.all(path, () => problem('NOT_FOUND'))
  }
  if (options.site !== undefined) app.use(options.site.serve)
  app.notFound(() => problem('NOT_FOUND'))
  app.onError((error, c) => {
    const id = requestIdOf(c)
    options.log?.({ ...errorRecord(error), ...(id === null ? {} : { id }) })
    return problem('INTERNAL')
  })
  return app
}

/** Closes the connection, so that the client moves to another server. */
const LAST_ANSWER = { 'Cache-Control': 'no-store', Connection: 'close' }

/**
 * Health check for load balancers: 200 while this server accepts requests, 503 once it shuts down.
 * Ignores the upstream; an unreachable API is no reason to take this server out.
 */
function health(closing: AbortSignal | undefined): Response {
  const type = { 'Content-Type': 'text/plain; charset=utf-8' }
  return closing?.aborted
    ? new Response('closing\n', { status: 503, headers: { ...type, ...LAST_ANSWER } })
    : new Response('ok\n', { headers: { ...type, 'Cache-Control': 'no-store' } })
}

/** Without the browser's headers: a signed link needs neither key nor cookies. */
async function forwardFile({ upstream }: AppOptions, request: Request): Promise<Response> {
  const { url, method } = request
  const init = { method, body: request.body, duplex: 'half' }
  const { body, status, headers } = await upstream(new Request(url, init))
  return new Response(body, { status, headers })
}

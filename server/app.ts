import { Hono, type MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { createGateway, type GatewayOptions } from './gateway/gateway.ts'
import { problem } from './gateway/problem.ts'
import { HEALTH_PATH, health, refuseWhen } from './health.ts'
import { type Names, onlyOurNames } from './hosts.ts'
import { faultRecord } from './log.ts'
import { apiHeaders, type IdentifyOptions, identify, requestIdOf } from './request-id.ts'
import { type ClientLimit, limitRequests } from './request-limit.ts'

export interface AppOptions extends GatewayOptions, IdentifyOptions {
  /** What this server may be called; null where only its own names lead to it. */
  readonly names: Names | null
  /** Answers what belongs elsewhere, under /api, and leaves the rest to this app. */
  readonly forward?: MiddlewareHandler
  /** Where files may be beside this server and https: the origin of a remote API that speaks http. */
  readonly fileOrigin?: string
  /** Answers every address that is not the API's: the built dashboard. Absent where Vite does that. */
  readonly site?: MiddlewareHandler
  /** How much a client may ask under /api; without it, as much as it likes. */
  readonly clientLimit?: ClientLimit
  /** Aborted when the server is to end: nothing new is begun from then on. */
  readonly closing?: AbortSignal
}

/** The addresses that are never the dashboard's. */
export const isApiPath = (path: string): boolean =>
  /^\/(?:api|files|samples|healthz)(?:[/?#]|$)/.test(path)

const isGatewayPath = (path: string): boolean => /^\/api(?:\/|$)/.test(path)

/** Links of the sandbox lead here; a remote API has links of its own. */
const SANDBOX_FILES = ['/files/*', '/samples/*']

const securityHeaders = (files: readonly string[]) =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      fontSrc: ["'self'"],
      // Thumbnails and files are wherever the API keeps them; files are fetched to be checked and zipped.
      imgSrc: ["'self'", 'data:', 'blob:', 'https:', ...files],
      connectSrc: ["'self'", 'https:', ...files],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      // The gallery shows the dashboard's own pages in frames; no other site may.
      frameSrc: ["'self'"],
      frameAncestors: ["'self'"],
    },
    // Addresses hold task ids.
    referrerPolicy: 'no-referrer',
    crossOriginOpenerPolicy: 'same-origin',
    crossOriginResourcePolicy: 'same-origin',
    xFrameOptions: 'SAMEORIGIN',
    // Plain http on loopback: whoever puts TLS in front sets this there.
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

/** The whole server as one function from Request to Response; whoever calls it listens. */
export function createApp(options: AppOptions): Hono {
  const app = new Hono()
  const { fileOrigin, closing, clientLimit, names, forward } = options
  const pageHeaders = securityHeaders(fileOrigin === undefined ? [] : [fileOrigin])
  app.use((c, next) => (isGatewayPath(c.req.path) ? next() : pageHeaders(c, next)))
  // Before the check of names: load balancers ask by address.
  app.route(HEALTH_PATH, health(closing))
  app.use('/api/*', identify(options), apiHeaders)
  if (closing !== undefined) app.use(refuseWhen(closing))
  if (clientLimit !== undefined) app.use('/api/*', limitRequests(clientLimit))
  if (names !== null) app.use(onlyOurNames(names))
  if (forward !== undefined) app.use('/api/*', forward)
  app.route('/api', createGateway(options))
  for (const path of SANDBOX_FILES) {
    if (options.sandbox) {
      app.on(['GET', 'HEAD'], path, (c) => fileOf(options, c.req.raw))
      app.all(path, () => problem('METHOD_NOT_ALLOWED', { Allow: 'GET, HEAD' }))
    } else {
      app.all(path, () => problem('NOT_FOUND'))
    }
  }
  if (options.site !== undefined) app.use(options.site)
  app.notFound(() => problem('NOT_FOUND'))
  app.onError((error, c) => {
    const id = requestIdOf(c)
    options.log?.({ ...faultRecord(error), ...(id === null ? {} : { id }) })
    return problem('INTERNAL')
  })
  return app
}

async function fileOf({ upstream }: AppOptions, { method, url }: Request): Promise<Response> {
  const { body, status, headers } = await upstream(new Request(url, { method }))
  return new Response(body, { status, headers })
}

import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Log } from './log.ts'
import { standingHeaders } from './standing-headers.ts'

export const ID_HEADER = 'X-Request-Id'

declare module 'hono' {
  interface ContextVariableMap {
    readonly requestId?: string
  }
}

export interface IdentifyOptions {
  readonly log?: Log
  /** The id comes with the request, from this program's own part in front, which made it. */
  readonly identified?: boolean
  /** Records each request, and not only what fails. */
  readonly logRequests?: boolean
}

/**
 * Gives each request an id, which its answer (`apiHeaders`) and its log records have. Always a new one:
 * what a client sends as X-Request-Id could hold anything, also its key.
 */
export function identify({
  log,
  logRequests = false,
  identified = false,
}: IdentifyOptions): MiddlewareHandler {
  return async (c, next) => {
    const given = identified ? c.req.header(ID_HEADER) : undefined
    const id = given ?? crypto.randomUUID()
    const startedAt = performance.now()
    c.set('requestId', id)
    await next()
    if (!logRequests) return
    log?.({
      event: 'request',
      id,
      method: c.req.method,
      // As it is written in the program: an address may hold a task id, and by mistake a key.
      path: routePath(c),
      status: c.res.status,
      ms: Math.round(performance.now() - startedAt),
    })
  }
}

/**
 * What each answer under /api has. It is no page, so nothing of it may run, be shown in a frame, be
 * taken for another type or be read by another site, and no more needs to be said.
 */
export const apiHeaders: MiddlewareHandler = standingHeaders((c) => ({
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  [ID_HEADER]: requestIdOf(c) ?? '',
}))

/** The id of a request, for what is logged on its behalf; null where requests are not identified. */
export const requestIdOf = (c: Context): string | null => c.get('requestId') ?? null

import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Log } from './log.ts'

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
 * Gives each answer an id that its log records have, too. Always a new one: what a
 * client sends as X-Request-Id could hold anything, also its key.
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
    c.res.headers.set(ID_HEADER, id)
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

/** The id of a request, for what is logged on its behalf; null where requests are not identified. */
export const requestIdOf = (c: Context): string | null => c.get('requestId') ?? null

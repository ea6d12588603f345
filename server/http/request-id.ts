import type { Context, MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Log } from './log.ts'

export const ID_HEADER = 'X-Request-Id'

declare module 'hono' {
  interface ContextVariableMap {
    readonly requestId?: string
    readonly hasOwnHeaders?: boolean
  }
}

export interface IdentifyOptions {
  readonly log?: Log | undefined
  /** The request already has an ID, set by the Worker in front. */
  readonly identified?: boolean
  /** Logs every request, not only failures. */
  readonly logRequests?: boolean
}

/**
 * Gives each request an ID, used in its response (`apiHeaders`) and log records. Always a new one:
 * a client's X-Request-Id could contain anything, even its key.
 */
export function identify({
  log,
  logRequests = false,
  identified = false,
}: IdentifyOptions): MiddlewareHandler {
  return async (c, next) => {
    const existing = identified ? c.req.header(ID_HEADER) : undefined
    const id = existing ?? crypto.randomUUID()
    const startedAt = performance.now()
    c.set('requestId', id)
    await next()
    if (!logRequests) return
    log?.({
      event: 'request',
      id,
      method: c.req.method,
      // The route pattern: the actual URL may contain a task ID, or a key by mistake.
      path: routePath(c),
      status: c.res.status,
      ms: Math.round(performance.now() - startedAt),
    })
  }
}

export type HeaderRecord = Readonly<Record<string, string>>

/**
 * Headers of every response under /api. It is not a page, so it must not run, be framed, be sniffed as
 * another type or be read by another site; nothing else applies.
 */
const headersOf = (c: Context): HeaderRecord => ({
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  [ID_HEADER]: requestIdOf(c) ?? '',
})

/** Adds the common headers to each response, unless it was created with them. */
export const apiHeaders: MiddlewareHandler = async (c, next) => {
  await next()
  if (hasOwnHeaders(c)) return
  for (const [name, value] of Object.entries(headersOf(c))) c.res.headers.set(name, value)
}

/**
 * The common headers, for a response about to be created: setting them on an existing response costs
 * more than creating one from memory.
 */
export function ownHeaders(c: Context): HeaderRecord {
  c.set('hasOwnHeaders', true)
  // The API on its own, as in tests, assigns no IDs.
  return requestIdOf(c) === null ? {} : headersOf(c)
}

/** Whether the response was created with the common headers. */
export const hasOwnHeaders = (c: Context): boolean => c.get('hasOwnHeaders') === true

/** The ID of a request, for its log records; null where requests have none. */
export const requestIdOf = (c: Context): string | null => c.get('requestId') ?? null

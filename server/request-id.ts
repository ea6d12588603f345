import { AsyncLocalStorage } from 'node:async_hooks'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import { toBase64url } from '../src/lib/base64url.ts'
import type { Log } from './log.ts'

const ID_BYTES = 12
export const ID_HEADER = 'X-Request-Id'

/** Of the request that is being answered, for all that is done on its behalf. */
const currentId = new AsyncLocalStorage<string>()

export interface IdentifyOptions {
  readonly log?: Log
  /** The id comes with the request, from this program's own part in front, which made it. */
  readonly identified?: boolean
  /** Records each request, and not only what fails. */
  readonly logRequests?: boolean
}

/**
 * Gives each answer an id that its log records have, too (`withRequestId`). Always a new one: what a
 * client sends as X-Request-Id could hold anything, also its key.
 */
export function identify({
  log,
  logRequests = false,
  identified = false,
}: IdentifyOptions): MiddlewareHandler {
  return async (c, next) => {
    const given = identified ? c.req.header(ID_HEADER) : undefined
    const id = given ?? toBase64url(crypto.getRandomValues(new Uint8Array(ID_BYTES)))
    const startedAt = performance.now()
    await currentId.run(id, next)
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

/** The id of the request that is being answered. */
export const requestId = (): string | null => currentId.getStore() ?? null

/** A log that adds the id of the request on whose behalf a record is made. */
export const withRequestId =
  (log: Log): Log =>
  (record) => {
    const id = currentId.getStore()
    log(id === undefined ? record : { ...record, id })
  }

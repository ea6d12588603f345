import type { Context, MiddlewareHandler } from 'hono'
import { problem } from './gateway/problem.ts'

/** Vite puts a hash of the content into every name here, so what a name holds never changes. */
const HASHED = /^\/assets(?:\/|$)/
const IMMUTABLE = 'public, max-age=31536000, immutable'

/** `/favicon.ico`, `/robots.txt`. Task ids may have a dot in them, so a task's page is never a file. */
const FILE_LIKE = /^(?!\/tasks\/).*\.[A-Za-z0-9]+$/

/** The page of a live link, whose address gives what it shows to whoever has it. */
const SHARED = /^\/s\//

/** No address of the dashboard has one, and no file. Some are still encoded: what follows them is no UTF-8. */
const CONTROL_CHARACTER = /\p{Cc}|%(?:[01][\da-f]|7f)/iu

/** Where the built files lie. Their answers are null where there is no such file. */
export interface SiteFiles {
  /** The file at the address that was asked for. */
  readonly file: (c: Context) => Promise<Response | null>
  readonly index: (c: Context) => Promise<Response | null>
}

/**
 * Serves a build of the dashboard: its files, and index.html for every other address, since the
 * routes are the dashboard's own. A file that does not exist is 404 and not the dashboard.
 */
export function serveSite({ file, index }: SiteFiles): MiddlewareHandler {
  return async (c, _next) => {
    const { method, path } = c.req
    if (method !== 'GET' && method !== 'HEAD') {
      return problem('METHOD_NOT_ALLOWED', { Allow: 'GET, HEAD' })
    }
    const notFound = (): Response =>
      problem('NOT_FOUND', { 'Cache-Control': SHARED.test(path) ? 'no-store' : 'no-cache' })
    if (CONTROL_CHARACTER.test(path)) return notFound()
    const found =
      (await file(c)) ?? (HASHED.test(path) || FILE_LIKE.test(path) ? null : await index(c))
    if (found === null) return notFound()
    found.headers.set('Cache-Control', cachingOf(path))
    // Also where the plain file was given: a cache must not keep that for those who asked for Brotli.
    found.headers.set('Vary', 'Accept-Encoding')
    return found
  }
}

function cachingOf(path: string): string {
  if (HASHED.test(path)) return IMMUTABLE
  return SHARED.test(path) ? 'no-store' : 'no-cache'
}

import type { Context, MiddlewareHandler } from 'hono'
import {
  htmlFileOf,
  isFilePath,
  isHashedPath,
  SHARE_INCOMPLETE,
  SHARE_TARGET,
} from '../../core/lib/site-paths.ts'
import { problem } from './problem.ts'

const IMMUTABLE = 'public, max-age=31536000, immutable'

/** The page of a live link, whose URL grants access to what it shows. */
const SHARED = /^\/s\//

/** Never part of a dashboard URL or file. Some are still encoded, before invalid UTF-8. */
const CONTROL_CHARACTER = /\p{Cc}|%(?:[01][\da-f]|7f)/iu

/** Access to the built files. Null if there is no such file. */
export interface SiteFiles {
  /** The file at the requested path. */
  readonly file: (c: Context) => Promise<Response | null>
  /** An HTML file, by its name. */
  readonly page: (c: Context, name: string) => Promise<Response | null>
}

export interface Site {
  readonly serve: MiddlewareHandler
  /** Hashes of the scripts and styles within its HTML, in the words of a Content-Security-Policy. */
  readonly inlined: readonly string[]
}

/** A built site; `html` is its index.html, whose own policy names what every HTML file contains. */
export const siteOf = (files: SiteFiles, html: string): Site => ({
  serve: serveSite(files),
  inlined: html.match(/'sha256-[\w+/=]+'/g) ?? [],
})

/**
 * Serves a build of the dashboard: its files, and for every other path the HTML of that route, or else
 * index.html, since the dashboard does its own routing. A missing file is a 404 and not the dashboard.
 */
export function serveSite({ file, page }: SiteFiles): MiddlewareHandler {
  const pageAt = async (c: Context): Promise<Response | null> =>
    (await page(c, htmlFileOf(c.req.path))) ?? page(c, 'index.html')
  return async (c, _next) => {
    const { method, path } = c.req
    // Shared images are for the service worker (src/service-worker), which this browser lacks.
    if (method === 'POST' && path === SHARE_TARGET) return c.redirect(SHARE_INCOMPLETE, 303)
    if (method !== 'GET' && method !== 'HEAD') {
      return problem('METHOD_NOT_ALLOWED', { Allow: 'GET, HEAD' })
    }
    const notFound = (): Response =>
      problem('NOT_FOUND', { 'Cache-Control': SHARED.test(path) ? 'no-store' : 'no-cache' })
    if (CONTROL_CHARACTER.test(path)) return notFound()
    const found = (await file(c)) ?? (isFilePath(path) ? null : await pageAt(c))
    if (found === null) return notFound()
    found.headers.set('Cache-Control', cachingOf(path))
    // Also for the uncompressed file: a cache must not serve that to clients that accept Brotli.
    found.headers.set('Vary', 'Accept-Encoding')
    return found
  }
}

function cachingOf(path: string): string {
  if (isHashedPath(path)) return IMMUTABLE
  return SHARED.test(path) ? 'no-store' : 'no-cache'
}

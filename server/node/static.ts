import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import type { MiddlewareHandler } from 'hono'
import { serveSite } from '../http/site.ts'

export const hasBuild = (root: string): boolean => existsSync(join(root, 'index.html'))

/** Serves a build of the dashboard from a folder, using precompressed files where they exist. */
export function serveDashboard(root: string): MiddlewareHandler {
  const file = serveStatic({ root, precompressed: true })
  const missing = async (): Promise<void> => undefined
  return serveSite({
    file: async (c) => (await file(c, missing)) ?? null,
    page: async (c, path) =>
      (await serveStatic({ root, precompressed: true, path })(c, missing)) ?? null,
  })
}

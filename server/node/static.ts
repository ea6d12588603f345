import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Site, siteOf } from '../http/site.ts'

export const hasBuild = (root: string): boolean => existsSync(join(root, 'index.html'))

/** Serves a build of the dashboard from a folder, using precompressed files where they exist. */
export function serveDashboard(root: string): Site {
  const file = serveStatic({ root, precompressed: true })
  const missing = async (): Promise<void> => undefined
  return siteOf(
    {
      file: async (c) => (await file(c, missing)) ?? null,
      page: async (c, path) =>
        (await serveStatic({ root, precompressed: true, path })(c, missing)) ?? null,
    },
    readFileSync(join(root, 'index.html'), 'utf8'),
  )
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import type { MiddlewareHandler } from 'hono'
import { serveSite } from './site.ts'

export const hasBuild = (root: string): boolean => existsSync(join(root, 'index.html'))

/** Serves a build of the dashboard that lies in a folder, compressed where it was compressed ahead. */
export function serveDashboard(root: string): MiddlewareHandler {
  const file = serveStatic({ root, precompressed: true })
  const index = serveStatic({ root, precompressed: true, path: 'index.html' })
  const missing = async (): Promise<void> => undefined
  return serveSite({
    file: async (c) => (await file(c, missing)) ?? null,
    index: async (c) => (await index(c, missing)) ?? null,
  })
}

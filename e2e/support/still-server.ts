import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'
import { createApp } from '../../server/app.ts'
import { serveDashboard } from '../../server/node/static.ts'
import { createSandbox } from '../../server/sandbox/sandbox.ts'
import { DEFAULT_AT } from '../../src/gallery/address.ts'

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))

export interface StillServer {
  readonly url: string
  readonly key: string
  readonly stop: () => Promise<void>
}

/** The real server and sandbox with a fixed clock. */
export async function startStillServer(): Promise<StillServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'loupe-visual-'))
  const sandbox = await createSandbox({ dataDir, pace: 100, now: () => DEFAULT_AT })
  const { fetch } = createApp({
    upstream: async (request) => {
      const { status, headers, body } = await sandbox.fetch(request)
      const dated = new Headers(headers)
      dated.set('date', new Date(DEFAULT_AT).toUTCString())
      return new Response(body, { status, headers: dated })
    },
    timeoutMs: 10_000,
    sandbox: true,
    names: { host: '127.0.0.1', origin: null },
    site: serveDashboard(DIST),
  })
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' })
  if (!server.listening) await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    key: sandbox.key,
    stop: async () => {
      server.close()
      await sandbox.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

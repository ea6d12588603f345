import { createApp } from '../../server/app.ts'
import type { LogRecord } from '../../server/http/log.ts'
import { openSharing, openStores } from '../../server/node/open-stores.ts'
import { serveDashboard } from '../../server/node/static.ts'
import { readContract } from '../../server/openapi-file.ts'
import { remoteUpstream } from '../../server/proxy/upstream.ts'
import { type OpenServer, START } from './server.ts'

export const openOnNode: OpenServer = async (options) => {
  const { upstreamUrl, origin, shareSecret, site, folder } = options
  let at = START
  const logged: LogRecord[] = []
  const begin = async () => {
    const sharing =
      shareSecret === null
        ? null
        : await openSharing({ dataDir: folder, shareSecrets: [shareSecret] })
    const keeping = await openStores({ dataDir: folder }, () => at)
    const app = createApp({
      upstream: remoteUpstream(upstreamUrl),
      timeoutMs: 15_000,
      hourlyLimit: 100,
      sandbox: false,
      names: { host: '127.0.0.1', origin },
      fileOrigin: upstreamUrl,
      contract: readContract,
      now: () => at,
      log: (record) => logged.push(record),
      stores: keeping,
      site: serveDashboard(site),
      ...(sharing === null ? {} : { sharing }),
    })
    return {
      app,
      close() {
        sharing?.store.close()
        keeping.close()
      },
    }
  }
  let running = await begin()
  return {
    fetch: async (path, init) => running.app.request(new URL(path, origin).href, init),
    now: () => at,
    pass(ms) {
      at += ms
    },
    log: () => JSON.stringify(logged),
    async restart() {
      running.close()
      running = await begin()
    },
    close: async () => running.close(),
  }
}

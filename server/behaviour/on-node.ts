import { createApp } from '../app.ts'
import { readContract } from '../contract-file.ts'
import { openKeeping } from '../gateway/open-keeping.ts'
import type { LogRecord } from '../log.ts'
import { openSharing } from '../share/open-sharing.ts'
import { serveDashboard } from '../static.ts'
import { remoteUpstream } from '../upstream.ts'
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
    if (sharing?.ok === false) throw new Error(sharing.error)
    const keeping = await openKeeping({ dataDir: folder }, () => at)
    if (!keeping.ok) throw new Error(keeping.error)
    const app = createApp({
      upstream: remoteUpstream(upstreamUrl),
      timeoutMs: 15_000,
      hourlyQuestions: 100,
      sandbox: false,
      names: { host: '127.0.0.1', origin },
      fileOrigin: upstreamUrl,
      contract: readContract,
      now: () => at,
      log: (record) => logged.push(record),
      keeping: keeping.value,
      site: serveDashboard(site),
      ...(sharing === null ? {} : { sharing: sharing.value }),
    })
    return {
      app,
      close() {
        sharing?.value.store.close()
        keeping.value.close()
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

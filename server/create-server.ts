import type { RequestListener, Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { getConnInfo } from '@hono/node-server/conninfo'
import { err, ok, type Result } from '../core/lib/result.ts'
import type { Stores } from './api.ts'
import { createApp } from './app.ts'
import type { Config } from './config.ts'
import { clientAddress, connectionAddress } from './http/client-address.ts'
import type { Log } from './http/log.ts'
import { clientLimit } from './http/request-limit.ts'
import type { Site } from './http/site.ts'
import {
  type CommandWith,
  createHttpServer,
  guarded,
  lateApp,
  limitConnections,
  listen,
} from './node/http-server.ts'
import { readContract } from './openapi-file.ts'
import { remoteUpstream, type Upstream } from './proxy/upstream.ts'

export interface StartOptions {
  readonly commandWith: CommandWith
  readonly site?: Site
  readonly log?: Log
  /** A server that isn't listening yet. Default: a plain one. */
  readonly server?: Server
  /** Wraps the app, for example with Vite. */
  readonly around?: (app: RequestListener) => RequestListener
}

export interface Started {
  readonly url: string
  readonly upstream: Upstream
  /** Null with a remote API. */
  readonly sandboxKey: string | null
  close(): Promise<void>
}

/** Below the 10 s that `docker stop` waits. */
const GRACE_MS = 8000

/** A browser opens six. A whole office may share one address. */
const MAX_CONNECTIONS_PER_ADDRESS = 200

/** Proxies keep connections for a minute; closing them first could lose a request in transit. */
const KEPT_FOR_PROXIES_MS = 65_000

/** Opens the port, then the upstream. The error is a sentence to print. */
export async function startServer(
  config: Config,
  { commandWith, site, log, server = createHttpServer(), around = (app) => app }: StartOptions,
): Promise<Result<Started, string>> {
  const app = lateApp()
  const closing = new AbortController()
  const { trustedProxies } = config
  server.on('request', guarded(around(app.listener)))
  limitConnections(server, MAX_CONNECTIONS_PER_ADDRESS, (remote) =>
    connectionAddress(remote, trustedProxies),
  )
  if (trustedProxies.length > 0) server.keepAliveTimeout = KEPT_FOR_PROXIES_MS

  const listening = await listen(server, config, commandWith)
  if (!listening.ok) return listening
  const sandbox = await openSandbox(config)
  if (!sandbox.ok) {
    await listening.value.close(0)
    return sandbox
  }
  /** Logs the error and goes on: without a database, live links or task starts are off, the rest works. */
  const opened = <T>(event: 'shares-unavailable' | 'starts-unavailable', opening: Promise<T>) =>
    opening.catch((error: unknown) => {
      log?.({ event, why: error instanceof Error ? error.message : String(error) })
      return null
    })
  const stores = import('./node/open-stores.ts')
  const links = stores.then((it) => it.openSharing(config))
  const sharing = await opened('shares-unavailable', links)
  const kept = stores.then((it) => it.openStores(config, Date.now))
  const keeping = await opened('starts-unavailable', kept)
  const { upstream, sandboxKey } = sandbox.value
  const { fetch } = createApp({
    upstream,
    timeoutMs: config.upstreamTimeoutMs,
    hourlyLimit: config.hourlyLimit,
    sandbox: sandboxKey !== null,
    names: config,
    closing: closing.signal,
    logRequests: config.log === 'requests',
    clientLimit: clientLimit(config.requestsPerMinute, (c) =>
      clientAddress(getConnInfo(c).remote.address, c.req.header('x-forwarded-for'), trustedProxies),
    ),
    contract: readContract,
    fileOrigin:
      config.upstream.kind === 'remote' ? new URL(config.upstream.baseUrl).origin : undefined,
    stores: keeping ?? NO_STORES,
    sharing: sharing ?? undefined,
    site,
    log,
  })
  app.open(fetch)

  return ok({
    url: config.origin ?? listening.value.url,
    upstream,
    sandboxKey,
    async close() {
      closing.abort()
      // Requests whose browser disconnected hold no connection but still have their effect.
      const requests = Promise.race([app.settled(), wait(GRACE_MS, null, { ref: false })])
      await Promise.all([listening.value.close(GRACE_MS), requests, sandbox.value.close()])
      sharing?.store.close()
      keeping?.close()
    },
  })
}

/** Opens the upstream: the sandbox, or a remote API. */
async function openSandbox({
  upstream,
  dataDir,
  origin,
}: Config): Promise<Result<Omit<Started, 'url'>, string>> {
  if (upstream.kind === 'remote') {
    const close = () => Promise.resolve()
    return ok({ upstream: remoteUpstream(upstream.baseUrl), sandboxKey: null, close })
  }
  try {
    // Imported lazily, so that no image library is loaded with a remote API.
    const { createSandbox } = await import('./sandbox/sandbox.ts')
    const { fetch, key, close } = await createSandbox({ ...upstream, dataDir, origin })
    return ok({ upstream: fetch, sandboxKey: key, close })
  } catch (error) {
    return err(`The sandbox did not start. ${error instanceof Error ? error.message : ''}`.trim())
  }
}

function noPlace(): never {
  throw new Error('There is no storage for task starts.')
}

/**
 * Without storage, requests that must never be sent twice are not sent. Not in a Worker's
 * code, which may not generate random numbers while it loads.
 */
export const NO_STORES: Stores = {
  starts: { get: noPlace, record: noPlace, set: () => undefined, delete: () => undefined },
  keys: { get: () => null, set: () => undefined },
  secret: crypto.getRandomValues(new Uint8Array(32)),
}

import type { RequestListener, Server } from 'node:http'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { MiddlewareHandler } from 'hono'
import { err, ok, type Result } from '../src/lib/result.ts'
import { createApp } from './app.ts'
import { clientAddress, connectionAddress } from './client-address.ts'
import type { Config } from './config.ts'
import { limitConnections } from './connection-limit.ts'
import { readContract } from './contract-file.ts'
import { NO_KEEPING } from './gateway/no-keeping.ts'
import type { OpenKeeping } from './gateway/open-keeping.ts'
import { lateApp } from './late-app.ts'
import { createHttpServer, listen } from './listen.ts'
import type { Log } from './log.ts'
import { guarded } from './request-guard.ts'
import { clientLimit } from './request-limit.ts'
import type { Sharing } from './share/open-sharing.ts'
import { remoteUpstream, type Upstream } from './upstream.ts'

export interface StartOptions {
  /** What the user typed, for the sentence that says what to type instead. */
  readonly command: string
  readonly site?: MiddlewareHandler
  readonly log?: Log
  /** A server that is not listening yet; without one, a plain one is made. */
  readonly server?: Server
  /** Puts something in front of the app, such as Vite. */
  readonly around?: (app: RequestListener) => RequestListener
}

export interface Started {
  readonly url: string
  readonly upstream: Upstream
  /** Null with a remote API. */
  readonly sandboxKey: string | null
  close(): Promise<void>
}

interface OpenUpstream {
  readonly upstream: Upstream
  readonly sandboxKey: string | null
  close(): Promise<void>
}

/** Below the 10 s that `docker stop` waits. */
const GRACE_MS = 8000

/** A browser has six. Those of a whole office may come from one address. */
const MOST_CONNECTIONS_PER_ADDRESS = 200

/** Proxies keep connections for a minute; if this server ended them first, a request on its way would be lost. */
const KEPT_FOR_PROXIES_MS = 65_000

/** Opens the port, then the upstream. The error is a sentence for the terminal. */
export async function startServer(
  config: Config,
  { command, site, log, server = createHttpServer(), around = (app) => app }: StartOptions,
): Promise<Result<Started, string>> {
  const app = lateApp()
  const closing = new AbortController()
  const { trustedProxies } = config
  server.on('request', guarded(around(app.listener)))
  limitConnections(server, {
    mostPerAddress: MOST_CONNECTIONS_PER_ADDRESS,
    addressOf: (remote) => connectionAddress(remote, trustedProxies),
  })
  if (trustedProxies.length > 0) server.keepAliveTimeout = KEPT_FOR_PROXIES_MS

  const listening = await listen(server, config, command)
  if (!listening.ok) return listening
  const source = await openUpstream(config)
  if (!source.ok) {
    await listening.value.close(0)
    return source
  }
  const { upstream, sandboxKey } = source.value
  const sharing = await openLinks(config)
  if (!sharing.ok) log?.({ event: 'shares-unavailable', why: sharing.error })
  const keeping = await openKept(config)
  if (!keeping.ok) log?.({ event: 'starts-unavailable', why: keeping.error })
  const { fetch } = createApp({
    upstream,
    timeoutMs: config.upstreamTimeoutMs,
    hourlyQuestions: config.hourlyQuestions,
    sandbox: sandboxKey !== null,
    names: config,
    closing: closing.signal,
    logRequests: config.log === 'requests',
    ...clientLimit(config.requestsPerMinute, (c) =>
      clientAddress(getConnInfo(c).remote.address, c.req.header('x-forwarded-for'), trustedProxies),
    ),
    contract: readContract,
    ...(config.upstream.kind === 'remote'
      ? { fileOrigin: new URL(config.upstream.baseUrl).origin }
      : {}),
    keeping: keeping.ok ? keeping.value : NO_KEEPING,
    ...(sharing.ok ? { sharing: sharing.value } : {}),
    ...(site === undefined ? {} : { site }),
    ...(log === undefined ? {} : { log }),
  })
  app.open(fetch)

  return ok({
    url: config.origin ?? listening.value.url,
    upstream,
    sandboxKey,
    async close() {
      closing.abort()
      // Questions whose browser has gone hold no connection; they have their effect all the same.
      const questions = Promise.race([app.settled(), wait(GRACE_MS)])
      await Promise.all([listening.value.close(GRACE_MS), questions, source.value.close()])
      if (sharing.ok) sharing.value.store.close()
      if (keeping.ok) keeping.value.close()
    },
  })
}

async function openUpstream({
  upstream,
  dataDir,
  origin,
}: Config): Promise<Result<OpenUpstream, string>> {
  if (upstream.kind === 'remote') {
    return ok({
      upstream: remoteUpstream(upstream.baseUrl),
      sandboxKey: null,
      close: () => Promise.resolve(),
    })
  }
  try {
    // Imported here, so that with a remote API no image library is loaded.
    const { createSandbox } = await import('./sandbox/sandbox.ts')
    const sandbox = await createSandbox({ ...upstream, dataDir, origin })
    return ok({
      upstream: (request) => sandbox.fetch(request),
      sandboxKey: sandbox.key,
      close: () => sandbox.close(),
    })
  } catch (error) {
    return err(`The sandbox did not start. ${error instanceof Error ? error.message : ''}`.trim())
  }
}

/** A server without live links is still of use, also where there is no database for its platform. */
const openLinks = (config: Config): Promise<Result<Sharing, string>> =>
  opened(async () => (await import('./share/open-sharing.ts')).openSharing(config))

/** So is one that starts no tasks. */
const openKept = (config: Config): Promise<Result<OpenKeeping, string>> =>
  opened(async () => (await import('./gateway/open-keeping.ts')).openKeeping(config, Date.now))

async function opened<T>(open: () => Promise<Result<T, string>>): Promise<Result<T, string>> {
  try {
    return await open()
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error))
  }
}

const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })

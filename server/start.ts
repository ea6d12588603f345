import { createServer, type RequestListener, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import { err, ok, type Result } from '../src/lib/result.ts'
import { createApp } from './app.ts'
import type { Config, UpstreamConfig } from './config.ts'
import { listen } from './listen.ts'
import type { Log } from './log.ts'
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

/**
 * Opens the port, then the upstream: a second start on the same data fails before it touches them.
 * Requests that come in between wait. The error is a sentence for the terminal.
 */
export async function startServer(
  config: Config,
  { command, site, log, server = createServer(), around = (app) => app }: StartOptions,
): Promise<Result<Started, string>> {
  const flights = new Set<Promise<unknown>>()
  let open: (fetch: (request: Request) => Promise<Response>) => void = () => undefined
  const opened = new Promise<(request: Request) => Promise<Response>>((resolve) => {
    open = resolve
  })
  const app = getRequestListener(async (request) => {
    const flight = opened.then((fetch) => fetch(request))
    flights.add(flight)
    return flight.finally(() => flights.delete(flight))
  })
  server.on('request', around(app))

  const listening = await listen(server, config, command)
  if (!listening.ok) return listening
  const source = await openUpstream(config.upstream)
  if (!source.ok) {
    await listening.value.close(0)
    return source
  }
  const { upstream, sandboxKey } = source.value
  const { fetch } = createApp({
    upstream,
    timeoutMs: config.upstreamTimeoutMs,
    sandbox: sandboxKey !== null,
    ...(site === undefined ? {} : { site }),
    ...(log === undefined ? {} : { log }),
  })
  open(async (request) => fetch(request))

  return ok({
    url: listening.value.url,
    upstream,
    sandboxKey,
    async close() {
      // Questions whose browser has gone hold no connection; they have their effect all the same.
      const questions = Promise.race([Promise.allSettled(flights), wait(GRACE_MS)])
      await Promise.all([listening.value.close(GRACE_MS), questions, source.value.close()])
    },
  })
}

async function openUpstream(config: UpstreamConfig): Promise<Result<OpenUpstream, string>> {
  if (config.kind === 'remote') {
    return ok({
      upstream: remoteUpstream(config.baseUrl),
      sandboxKey: null,
      close: () => Promise.resolve(),
    })
  }
  try {
    // Imported here, so that with a remote API no database and no image library is loaded.
    const { createSandbox } = await import('./sandbox/sandbox.ts')
    const sandbox = await createSandbox({ dataDir: config.dataDir, pace: config.pace })
    return ok({
      upstream: (request) => sandbox.fetch(request),
      sandboxKey: sandbox.key,
      close: () => sandbox.close(),
    })
  } catch (error) {
    return err(`The sandbox did not start. ${error instanceof Error ? error.message : ''}`.trim())
  }
}

const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })

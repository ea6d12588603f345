import { Hono, type MiddlewareHandler } from 'hono'
import { problem } from './gateway/problem.ts'

export const HEALTH_PATH = '/healthz'

const HEADERS = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }

/** After its answer the connection ends, and whoever has it looks for another server. */
const LAST_ANSWER = { 'Cache-Control': 'no-store', Connection: 'close' }

/**
 * What a load balancer asks: 200 while this server takes requests, 503 once it is being closed. Says
 * nothing of what is behind it; an API that is out of reach is no reason to take this server out.
 */
export function health(closing: AbortSignal | undefined): Hono {
  return new Hono()
    .get('/', () =>
      closing?.aborted === true
        ? new Response('closing\n', { status: 503, headers: { ...HEADERS, ...LAST_ANSWER } })
        : new Response('ok\n', { headers: HEADERS }),
    )
    .all('/', () => problem('METHOD_NOT_ALLOWED', { Allow: 'GET, HEAD' }))
}

/** Refuses what still comes in over open connections after `closing`. What is being answered goes on. */
export const refuseWhen =
  (closing: AbortSignal): MiddlewareHandler =>
  async (_, next) =>
    closing.aborted ? problem('CLOSING', LAST_ANSWER) : next()

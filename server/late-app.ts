import type { RequestListener } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'

/** `env` has the connection that a request came by. */
type Fetch = (request: Request, env: HttpBindings) => Response | Promise<Response>

export interface LateApp {
  readonly listener: RequestListener
  /** Lets the requests through that have waited. */
  readonly open: (fetch: Fetch) => void
  /** Resolves when every request so far is answered, also those whose browser has gone. */
  readonly settled: () => Promise<unknown>
}

/**
 * An app whose port is open before there is an app: a second start on the same data fails at the
 * port, before it touches them. Requests that come in between wait.
 */
export function lateApp(): LateApp {
  const flights = new Set<Promise<unknown>>()
  let open: (fetch: Fetch) => void = () => undefined
  const opened = new Promise<Fetch>((resolve) => {
    open = resolve
  })
  return {
    listener: getRequestListener(async (request, env) => {
      const flight = opened.then((fetch) => fetch(request, env as HttpBindings))
      flights.add(flight)
      return flight.finally(() => flights.delete(flight))
    }),
    open: (fetch) => open(fetch),
    settled: () => Promise.allSettled(flights),
  }
}

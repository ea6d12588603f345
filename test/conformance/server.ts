/* What the conformance suite needs of a server, on any runtime. Only for tests. */

export interface SentRequest {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body: string
}

/** A response whose connection breaks off halfway. */
export const BROKEN_OFF = 'broken off'

type TestResponse = Response | typeof BROKEN_OFF

/** A task that the API always has, and that `sent` does not record. */
export const KNOWN_TASK = 'a-known-task'

/** A real local server in place of the API. */
export interface TestUpstream {
  readonly url: string
  /** The requests that arrived in full since `respondWith` was called. */
  readonly sent: readonly SentRequest[]
  /** Number of requests that began to arrive. */
  readonly begun: () => number
  /** Number of requests that were cut off. */
  readonly cutOff: () => number
  /** Sets the responses from now on. */
  readonly respondWith: (
    respond: (request: Request) => TestResponse | Promise<TestResponse>,
  ) => void
  readonly close: () => Promise<void>
}

export interface TestServer {
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Moves the clock. */
  readonly pass: (ms: number) => void
  /** The log so far. */
  readonly log: () => string
  /** Stops the server and starts it again with the stored data. */
  readonly restart: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface ServerOptions {
  readonly upstreamUrl: string
  readonly origin: string
  /** Null: no live links. */
  readonly shareSecret: string | null
  /** A built dashboard. */
  readonly site: string
  /** Data folder of the server; initially empty. */
  readonly folder: string
}

export type OpenServer = (options: ServerOptions) => Promise<TestServer>

export const START = Date.UTC(2026, 0, 1, 12)

/** Header with the time (epoch ms) for a server in another process. */
export const TIME_HEADER = 'x-test-time'

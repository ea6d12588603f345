/* What the suite of behaviour needs of a server, whatever it runs on. For tests: no part of the program. */

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body: string
}

/** An answer whose connection ends in the middle of it. */
export const BROKEN_OFF = 'broken off'

type Given = Response | typeof BROKEN_OFF

/** A task that the API always knows, and of which `asked` does not tell. */
export const KNOWN_TASK = 'a-known-task'

/** A real server on this machine in the place of the API. */
export interface TestUpstream {
  readonly url: string
  /** The questions that arrived in full since `answer` was called. */
  readonly asked: readonly Asked[]
  /** How many questions began to arrive. */
  readonly begun: () => number
  /** How many ended in the middle. */
  readonly cutOff: () => number
  /** What it answers from now on. */
  readonly answer: (answer: (request: Request) => Given | Promise<Given>) => void
  readonly close: () => Promise<void>
}

export interface TestServer {
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Moves the clock. */
  readonly pass: (ms: number) => void
  /** All that it logged so far. */
  readonly log: () => string
  /** Ends it and begins anew with what was kept. */
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
  /** For what the server keeps; empty at first. */
  readonly folder: string
}

export type OpenServer = (options: ServerOptions) => Promise<TestServer>

export const START = Date.UTC(2026, 0, 1, 12)

/** Epoch milliseconds, from whoever steers the clock of a server in another process. */
export const TIME_HEADER = 'x-test-time'

/*
 * As much of the Workers runtime as is used here. Cloudflare's own package of types would redefine
 * Request and Response for the whole program; that these are right, the tests on workerd prove.
 */

export interface Fetcher {
  readonly fetch: (request: Request) => Promise<Response>
}

export interface ExecutionContext {
  /** Keeps the work going when the client has gone. */
  readonly waitUntil: (work: Promise<unknown>) => void
  readonly passThroughOnException: () => void
  readonly props: unknown
}

export interface ObjectNamespace {
  readonly idFromName: (name: string) => unknown
  readonly get: (id: unknown) => Fetcher
}

export interface ObjectState {
  readonly storage: ObjectStorage
  /** No request is let in before it has ended. */
  readonly blockConcurrencyWhile: <T>(work: () => Promise<T>) => Promise<T>
}

/** Nothing leaves the object, no answer and no question, before what was written is on disk. */
export interface ObjectStorage {
  readonly get: (key: string) => Promise<unknown>
  readonly put: (key: string, value: unknown) => Promise<void>
  readonly sql: {
    readonly exec: (sql: string, ...values: (string | number | null)[]) => { toArray(): unknown[] }
  }
  readonly transactionSync: <T>(work: () => T) => T
}

export interface Bindings {
  readonly ASSETS: Fetcher
  readonly KEYS: ObjectNamespace
}

/** Bindings, and settings as text. */
export type Env = Bindings & Readonly<Record<string, unknown>>

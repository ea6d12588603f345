/*
 * The part of the Workers runtime used here. Cloudflare's types package would redefine Request and
 * Response for the whole program; the tests on workerd verify these.
 */

export interface Fetcher {
  readonly fetch: (request: Request) => Promise<Response>
}

export interface ExecutionContext {
  /** Keeps the work running after the client disconnects. */
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
  /** No request is let in before `work` has finished. */
  readonly blockConcurrencyWhile: <T>(work: () => Promise<T>) => Promise<T>
}

/** No response or outgoing request leaves the object before its writes are on disk. */
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

import type { Stores } from '../api.ts'

function noPlace(): never {
  throw new Error('There is no storage for task starts.')
}

/**
 * Without storage, requests that must never be sent twice are not sent. A separate file, because a
 * Worker may not generate random numbers while it loads.
 */
export const NO_STORES: Stores = {
  starts: { get: noPlace, record: noPlace, set: () => undefined, delete: () => undefined },
  keys: { get: () => null, set: () => undefined },
  secret: crypto.getRandomValues(new Uint8Array(32)),
}

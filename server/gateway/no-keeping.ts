import type { Keeping } from './gateway.ts'

function noPlace(): never {
  throw new Error('There is no place for starts.')
}

/** Where nothing can be kept, nothing is sent that must never be sent twice. */
export const NO_KEEPING: Keeping = {
  starts: {
    find: noPlace,
    note: noPlace,
    keep: () => undefined,
    forget: () => undefined,
  },
  keys: { find: () => null, keep: () => undefined },
  secret: crypto.getRandomValues(new Uint8Array(32)),
}

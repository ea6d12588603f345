import type { ShareStore } from '../share/share-store.ts'

/** Of the Worker itself, for requests without a key: whatever has one is told by the key's object. */
export const NO_SHARES: ShareStore = {
  add: () => {
    throw new Error('A live link belongs to a key.')
  },
  ofOwner: () => [],
  stateOf: () => 'unknown',
  revoke: () => false,
  close: () => undefined,
}

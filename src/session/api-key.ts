/** A key that is valid in an HTTP header. Whether the API accepts it is not known. */
export type ApiKey = string & { readonly __brand: 'ApiKey' }

export const MAX_KEY_LENGTH = 512
const KEY = new RegExp(`^[\\x21-\\x7e]{1,${MAX_KEY_LENGTH}}$`)

/** The key or null, for parsers that need no error message (storage, another tab). */
export const asApiKey = (text: string): ApiKey | null => (KEY.test(text) ? (text as ApiKey) : null)

/** Whether a sandbox made it, so that nothing needs to be fetched to find out. */
export const isSandboxKey = (key: ApiKey): boolean => key.startsWith('sandbox_')

/**
 * Replaces the key wherever it must not appear: query keys, names of locks and channels. Deliberately
 * 32 bits (FNV-1a): enough to distinguish a user's keys, far too few to recover a key.
 */
export function hashKey(key: ApiKey): string {
  let hash = 0x811c9dc5
  for (let n = 0; n < key.length; n++) {
    hash = Math.imul(hash ^ key.charCodeAt(n), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}

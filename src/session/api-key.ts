/** A key that fits into an HTTP header. Whether the API accepts it, only the API knows. */
export type ApiKey = string & { readonly __brand: 'ApiKey' }

export const LONGEST_KEY = 512
const KEY = new RegExp(`^[\\x21-\\x7e]{1,${LONGEST_KEY}}$`)

/** The key, or null: for doors where a sentence is of no use (storage, another tab). */
export const asApiKey = (text: string): ApiKey | null => (KEY.test(text) ? (text as ApiKey) : null)

/**
 * Stands in for the key wherever it must not go: query keys, names of locks and channels.
 * 32 bits on purpose (FNV-1a): enough to tell two keys of one person apart, far too little to find a key by.
 */
export function hashKey(key: ApiKey): string {
  let hash = 0x811c9dc5
  for (let n = 0; n < key.length; n++) {
    hash = Math.imul(hash ^ key.charCodeAt(n), 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}

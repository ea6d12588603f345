import { err, ok, type Result } from '../lib/result.ts'

/** A key that fits into an HTTP header. Whether the API accepts it, only the API knows. */
export type ApiKey = string & { readonly __brand: 'ApiKey' }

const LONGEST = 512

/** Reads what was typed or pasted. The error is a sentence for that person, and never repeats the key. */
export function parseApiKey(input: string): Result<ApiKey, string> {
  const text = input.trim()
  if (text === '') return err('Paste your API key.')
  if (/[\r\n]/.test(text)) {
    return err('This key has a line break in it. Copy it once more, as one line.')
  }
  if (/\s/.test(text)) return err('This key has a space in it. Copy the key alone.')
  if (!/^[\x21-\x7e]+$/.test(text)) {
    return err('This key holds characters that no API key has. Copy it once more.')
  }
  if (text.length > LONGEST)
    return err(`This is too long for an API key (over ${LONGEST} characters).`)
  return ok(text as ApiKey)
}

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

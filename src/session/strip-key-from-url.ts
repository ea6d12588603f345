import type { ApiKey } from './api-key.ts'

/*
 * Removes an API key from a URL: one that was pasted there is in the browser's history, and may be in
 * server logs. A URL without a key is left unchanged.
 */

export interface Address {
  readonly pathname: string
  readonly search: string
  readonly hash: string
}

/** Shorter keys could match ordinary words. */
const SHORTEST = 8

/** Parameter names that APIs use for keys and tokens in URLs. Loupe itself uses none of them. */
const NAME = /(^|[^\w-])(x[-_])?(api[-_]?|access[-_]?|auth[-_]?)?(key|token)$/i

/** Maximum number of nested encodings. */
const ROUNDS = 3

/** The URL without the key, or null if it contained none. */
export function stripKeyFromUrl(address: Address, key: ApiKey | null): string | null {
  let found = false

  const holdsKey = (text: string): boolean => {
    if (key === null || key.length < SHORTEST) return false
    let decoded = text
    for (let round = 0; round < ROUNDS && !decoded.includes(key); round++) decoded = decode(decoded)
    return decoded.includes(key)
  }
  const clean = (text: string): string => {
    const parts = text.split('&')
    const kept = parts.filter((part) => !isNamedLikeKey(part) && !holdsKey(part))
    found ||= kept.length < parts.length
    return kept.join('&')
  }
  /** The part from '?' or '#' on, or '' if nothing is left. */
  const tail = (text: string): string => {
    const kept = clean(text.slice(1))
    return kept && text.charAt(0) + kept
  }

  // If the path contained the key, the whole path is dropped.
  const path = `/${clean(address.pathname)}`.replace(/^\/+/, '/')
  const cleaned = path + tail(address.search) + tail(address.hash)
  // A key that contains URL delimiters was split above.
  if (holdsKey(cleaned)) return '/'
  return found ? cleaned : null
}

/** Whether it is a parameter with such a name and a value. */
function isNamedLikeKey(part: string): boolean {
  const [name = '', value = ''] = part.split(/=(.*)/s)
  return value !== '' && NAME.test(decode(name))
}

/** Keys are ASCII, so each escape is one character; others do no harm. Never throws. */
const decode = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )

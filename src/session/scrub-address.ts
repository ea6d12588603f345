import type { ApiKey } from './api-key.ts'

/*
 * Takes an API key out of an address: one that was pasted there is in the browser's history, and may
 * be in the logs of servers. What holds none is left as it is, to the letter.
 */

export interface Address {
  readonly pathname: string
  readonly search: string
  readonly hash: string
}

/** A shorter key would be found in ordinary words. */
const SHORTEST = 8

/** Names under which APIs take keys and tokens in an address. None of them is a parameter of Loupe's. */
const NAME = /(^|[^\w-])(x[-_])?(api[-_]?|access[-_]?|auth[-_]?)?(key|token)$/i

/** How often a text may have been encoded over another. */
const ROUNDS = 3

/** The address without it, or null where there was none in it. */
export function scrubAddress(address: Address, key: ApiKey | null): string | null {
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
  /** What follows a '?' or '#', with that sign where anything is left. */
  const tail = (text: string): string => {
    const kept = clean(text.slice(1))
    return kept && text.charAt(0) + kept
  }

  // Where the key was the path, or part of it, nothing of the path is of use.
  const path = `/${clean(address.pathname)}`.replace(/^\/+/, '/')
  const cleaned = path + tail(address.search) + tail(address.hash)
  // A key with signs in it that part an address was cut in two above.
  if (holdsKey(cleaned)) return '/'
  return found ? cleaned : null
}

/** A parameter with such a name and a value. */
function isNamedLikeKey(part: string): boolean {
  const [name = '', value = ''] = part.split(/=(.*)/s)
  return value !== '' && NAME.test(decode(name))
}

/** Keys are ASCII, so each escape is a sign of its own; other ones do no harm. Never throws. */
const decode = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )

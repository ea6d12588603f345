import { createFinder } from './find-secrets.ts'

/*
 * Takes out of a text what could lead back to somebody: given secrets, web addresses, UUIDs. Also
 * where they are percent-encoded, more than once too, or escaped as in JSON that lies in a string.
 */

/** Stands where something was taken out. ASCII, because it may stand in a header. */
export const REMOVED = '[removed]'

/** Shorter ones are parts of ordinary words and numbers, and no secret. */
export const SHORTEST_SECRET = 6

export type Scrub = (text: string) => string

// Repetitions are bounded, so that no text makes the search slow.
const ENCODED = String.raw`(?:%(?:25){0,3}|\\{1,4}u00)`
const HEX_DIGIT = `(?:[0-9a-f]|${ENCODED}(?:3[0-9]|[46][1-6]))`
const HYPHEN = `(?:-|${ENCODED}2d)?`
const UUID = [8, 4, 4, 4, 12].map((length) => `${HEX_DIGIT}{${length}}`).join(HYPHEN)
const COLON = `(?::|${ENCODED}3a)`
const SLASH = String.raw`(?:\\{0,4}/|${ENCODED}2f)`
// Of any scheme, and to the next space: that takes more than the address rather than less.
const ADDRESS = String.raw`(?:[a-z0-9+.-]|${ENCODED}[0-9a-f]{2}){1,20}${COLON}${SLASH}{2}\S*`

/** `secrets`: what must not stay, in any spelling; those under SHORTEST_SECRET are left alone. */
export function createScrub(secrets: readonly string[]): Scrub {
  const scrubSecrets = removingSecrets(secrets.filter((secret) => secret.length >= SHORTEST_SECRET))
  return (text) => scrubPatterns(scrubSecrets(text))
}

const removing =
  (pattern: RegExp): Scrub =>
  (text) =>
    text.replace(pattern, REMOVED)

const scrubPatterns = removing(new RegExp(`${ADDRESS}|${UUID}`, 'gi'))

/** Takes out every address, and no more: names often are UUIDs. */
export const scrubAddresses: Scrub = removing(new RegExp(ADDRESS, 'gi'))

function removingSecrets(secrets: readonly string[]): Scrub {
  const find = createFinder(secrets)
  return (text) => {
    let clean = ''
    let from = 0
    for (let at = 0; at < text.length; ) {
      const end = find(text, at)
      if (end <= at) {
        at++
        continue
      }
      clean += text.slice(from, at) + REMOVED
      from = at = end
    }
    return clean + text.slice(from)
  }
}

/**
 * Takes one secret out and leaves all else: as it is, in any of the spellings above, in hexadecimal,
 * and in base64 wherever it lies in what was encoded.
 */
export function createSecretScrub(secret: string): Scrub {
  if (secret.length < SHORTEST_SECRET) return (text) => text
  return removingSecrets([secret, hexOf(secret), ...base64Of(secret)])
}

const hexOf = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** What is the same wherever it begins within a group of three bytes, in both alphabets of RFC 4648. */
function base64Of(text: string): string[] {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text))
  return [0, 1, 2].flatMap((before) => {
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    const form = btoa('\0'.repeat(before) + bytes).slice(Math.ceil((before * 8) / 6), whole)
    return [...new Set([form, form.replaceAll('+', '-').replaceAll('/', '_')])]
  })
}

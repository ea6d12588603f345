import { createFinder } from './find-secrets.ts'

/*
 * Removes identifying data from a text: given secrets, URLs, UUIDs. Also if they are percent-encoded,
 * possibly several times, or escaped as in JSON within a string.
 */

/** Replacement for removed text. ASCII, because it may be part of a header. */
export const REMOVED = '[removed]'

/** Shorter texts occur in ordinary words and numbers, so they are not treated as secrets. */
export const MIN_SECRET_LENGTH = 6

export type Scrub = (text: string) => string

// Repetitions are bounded, so that no text makes the search slow.
const ENCODED = String.raw`(?:%(?:25){0,3}|\\{1,4}u00)`
const HEX_DIGIT = `(?:[0-9a-f]|${ENCODED}(?:3[0-9]|[46][1-6]))`
const HYPHEN = `(?:-|${ENCODED}2d)?`
const UUID = [8, 4, 4, 4, 12].map((length) => `${HEX_DIGIT}{${length}}`).join(HYPHEN)
const COLON = `(?::|${ENCODED}3a)`
const SLASH = String.raw`(?:\\{0,4}/|${ENCODED}2f)`
// Any scheme, up to the next space: rather too much than too little.
const ADDRESS = String.raw`(?:[a-z0-9+.-]|${ENCODED}[0-9a-f]{2}){1,20}${COLON}${SLASH}{2}\S*`

/** `secrets`: texts to remove in any encoding; those shorter than MIN_SECRET_LENGTH are ignored. */
export function createRedactor(secrets: readonly string[]): Scrub {
  const scrubSecrets = removingSecrets(
    secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH),
  )
  return (text) => scrubPatterns(scrubSecrets(text))
}

const removing =
  (pattern: RegExp): Scrub =>
  (text) =>
    text.replace(pattern, REMOVED)

const scrubPatterns = removing(new RegExp(`${ADDRESS}|${UUID}`, 'gi'))

/** Removes every URL, but keeps UUIDs, which names often are. */
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
 * Removes one secret only: plain, in any of the encodings above, in hexadecimal, and in base64 at any
 * offset within the encoded data.
 */
export function createSecretRedactor(secret: string): Scrub {
  if (secret.length < MIN_SECRET_LENGTH) return (text) => text
  return removingSecrets([secret, hexOf(secret), ...base64Of(secret)])
}

const hexOf = (text: string): string =>
  Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Invariant part for each offset within a group of three bytes, in both alphabets of RFC 4648. */
function base64Of(text: string): string[] {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text))
  return [0, 1, 2].flatMap((before) => {
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    const form = btoa('\0'.repeat(before) + bytes).slice(Math.ceil((before * 8) / 6), whole)
    return [...new Set([form, form.replaceAll('+', '-').replaceAll('/', '_')])]
  })
}

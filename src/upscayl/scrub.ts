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
  const given = secrets.filter((secret) => secret.length >= SHORTEST_SECRET)
  // The longest first: one secret may begin with another.
  const spelled = given.sort((a, b) => b.length - a.length).map(spellings)
  return removing(ADDRESS, ...spelled, UUID)
}

/** Takes out every address, and no more: names often are UUIDs. */
export const scrubAddresses: Scrub = removing(ADDRESS)

function removing(...patterns: readonly string[]): Scrub {
  const pattern = new RegExp(patterns.join('|'), 'gi')
  return (text) => text.replace(pattern, REMOVED)
}

/**
 * A pattern for `secret` with each of its characters as it is or encoded. Backslashes are taken together
 * with those that escape what comes next: if each could be one or several, the search would try all ways.
 */
const spellings = (secret: string): string =>
  Array.from(secret.matchAll(/(\\*)([^\\]?)/gu), ([, { length } = '', char = '']) => {
    if (length === 0) return spelling(char)
    const bare = spelling(char, '', '(?:%(?:25){0,3}|u00)')
    const plain = String.raw`\\{${length},${8 * length + 4}}`
    return `(?:${plain}${bare}|(?:${ENCODED}5c){${length}}${spelling(char)})`
  }).join('')

function spelling(char: string, slashes = String.raw`\\{0,4}`, encoded = ENCODED): string {
  if (char === '') return ''
  // Each once: what could be read in two ways would be tried in both.
  const letters = [...new Set([char.toLowerCase(), char.toUpperCase()])]
  const codes = letters.map((letter) => letter.charCodeAt(0).toString(16).padStart(2, '0'))
  const plain = char.replace(/[^A-Za-z0-9]/, (sign) => `${slashes}\\${sign}`)
  return `(?:${plain}|${encoded}(?:${codes.join('|')}))`
}

/**
 * Takes one secret out and leaves all else: as it is, in any of the spellings above, in hexadecimal,
 * and in base64 wherever it lies in what was encoded.
 */
export function createSecretScrub(secret: string): Scrub {
  if (secret.length < SHORTEST_SECRET) return (text) => text
  const forms = [secret, hexOf(secret), ...base64Of(secret)].map(spellings)
  const pattern = new RegExp(forms.join('|'), 'gi')
  return (text) => text.replace(pattern, REMOVED)
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

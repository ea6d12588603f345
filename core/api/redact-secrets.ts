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

/*
 * Finds secrets in texts in any escaping: each character plain, in either case, percent-encoded, possibly
 * several times, or escaped as in JSON within a string. It compiles no patterns: on a server each request
 * may bring a new secret, and compiling its pattern would take longer than the rest of the request.
 */

/** End of a secret that begins `at` that position; -1 if none does. */
type FindSecret = (text: string, at: number) => number

/** A unit of a secret: some backslashes and the next character, which is not one ('' at the end). */
interface Sign {
  readonly slashes: number
  /** In lower case. */
  readonly char: string
  /** Character codes in either case. */
  readonly codes: readonly number[]
  /** May be preceded by backslashes that are not part of the secret. */
  readonly isEscaped: boolean
}

const PERCENT = '%'.charCodeAt(0)
const BACKSLASH = '\\'.charCodeAt(0)
/** Each nesting in a JSON string doubles them. */
const MAX_SLASHES = 4
/** Each further percent-encoding turns `%` into `%25`. */
const MAX_ENCODINGS = 3
const HEX_DIGITS = 2

/** If several secrets begin at one position, the longest match is found. Empty secrets are ignored. */
function createFinder(secrets: readonly string[]): FindSecret {
  /** Secrets by their first character code. */
  const beginning = new Map<number, (readonly Sign[])[]>()
  for (const signs of secrets.map(signsOf)) {
    for (const code of signs[0]?.slashes ? [BACKSLASH] : (signs[0]?.codes ?? [])) {
      beginning.set(code, [...(beginning.get(code) ?? []), signs])
    }
  }
  return (text, at) => {
    const code = text.charCodeAt(at)
    // Most characters are neither, and cost one lookup.
    const codes = code === PERCENT || code === BACKSLASH ? codesAt(text, at) : null
    const found = codes?.flatMap((it) => beginning.get(it) ?? []) ?? beginning.get(code)
    return found === undefined ? -1 : Math.max(-1, ...found.map((signs) => endOf(signs, text, at)))
  }
}

/** Backslashes belong to the next character, which they may escape. */
function signsOf(secret: string): readonly Sign[] {
  if (!secret.includes('\\')) return Array.from(secret, plainSign)
  return Array.from(secret.matchAll(/(\\*)([^\\]?)/gu), ([, { length } = '', char = '']) => ({
    ...plainSign(char),
    slashes: length,
  })).filter(({ slashes, char }) => slashes > 0 || char !== '')
}

/** Cache for ASCII only, so it stays small. */
const known = new Map<string, Sign>()

function plainSign(char: string): Sign {
  const made = known.get(char)
  if (made !== undefined) return made
  const letters = [...new Set([char.toLowerCase(), char.toUpperCase()])]
  const sign = {
    slashes: 0,
    char: char.toLowerCase(),
    codes: letters.filter(({ length }) => length === 1).map((letter) => letter.charCodeAt(0)),
    isEscaped: !/^[A-Za-z0-9]?$/.test(char),
  }
  if (/^[\x20-\x7e]$/.test(char)) known.set(char, sign)
  return sign
}

/** Character codes that may begin at a `%` or a backslash: itself, or the escaped character. */
function codesAt(text: string, at: number): number[] {
  const escaped = text.charCodeAt(at + slashesAt(text, at, MAX_SLASHES))
  return [text.charCodeAt(at), escaped, ...introduced(text, at).map((to) => hexAt(text, to))]
}

/** Follows all alternatives in parallel, so that ambiguous escapes cost linear, not exponential time. */
function endOf(signs: readonly Sign[], text: string, from: number): number {
  let ends = [from]
  for (const sign of signs) {
    const [only, second] = ends
    if (only === undefined) return -1
    if (second === undefined) ends = endsOf(sign, text, only)
    else ends = [...new Set(ends.flatMap((at) => endsOf(sign, text, at)))]
  }
  return Math.max(-1, ...ends)
}

function endsOf(sign: Sign, text: string, at: number): number[] {
  if (sign.slashes === 0) return endsOfChar(sign, text, at)
  let ends = [at]
  for (let n = 0; n < sign.slashes; n++) {
    ends = ends.flatMap((to) => endsOfCode([BACKSLASH], text, introduced(text, to)))
  }
  return [...endsOfRun(sign, text, at), ...ends.flatMap((to) => endsOfChar(sign, text, to))]
}

function endsOfChar({ char, codes, isEscaped }: Sign, text: string, at: number): number[] {
  if (char === '') return [at]
  const plain = at + (isEscaped ? slashesAt(text, at, MAX_SLASHES) : 0)
  const ends = endsOfCode(codes, text, introduced(text, at))
  return isAt(text, char, plain) ? [...ends, plain + char.length] : ends
}

/** Ends where the backslashes are literal, including those added by escaping them and the next character. */
function endsOfRun({ slashes, char, codes }: Sign, text: string, at: number): number[] {
  const run = slashesAt(text, at, 8 * slashes + MAX_SLASHES)
  const to = at + run
  if (run < slashes) return []
  if (char === '') return [to]
  const ends = endsOfCode(codes, text, introduced(text, to, 0))
  return isAt(text, char, to) ? [...ends, to + char.length] : ends
}

const endsOfCode = (codes: readonly number[], text: string, starts: readonly number[]): number[] =>
  starts.filter((at) => codes.includes(hexAt(text, at))).map((at) => at + HEX_DIGITS)

/** Positions of the hex code of a character that is encoded from `at` on, by `\u00` or percent signs. */
function introduced(text: string, at: number, fewestSlashes = 1): readonly number[] {
  const code = text.charCodeAt(at)
  if (code === PERCENT) {
    const ends = [at + 1]
    for (let to = at + 1; ends.length <= MAX_ENCODINGS && text.startsWith('25', to); to += 2) {
      ends.push(to + 2)
    }
    return ends
  }
  if (code !== BACKSLASH && fewestSlashes > 0) return NOWHERE
  const to = at + slashesAt(text, at, MAX_SLASHES)
  return isAt(text, 'u00', to) ? [to + 'u00'.length] : NOWHERE
}

const NOWHERE: readonly number[] = []

function slashesAt(text: string, at: number, most: number): number {
  let count = 0
  while (count < most && text.charCodeAt(at + count) === BACKSLASH) count++
  return count
}

/** Value of two hexadecimal digits; NaN if there are none. */
function hexAt(text: string, at: number): number {
  const digits = text.slice(at, at + HEX_DIGITS)
  return /^[\da-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN
}

/** `part` is in lower case. */
const isAt = (text: string, part: string, at: number): boolean =>
  text.startsWith(part, at) || text.slice(at, at + part.length).toLowerCase() === part

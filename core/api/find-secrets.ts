/*
 * Finds secrets in texts in any escaping: each character plain, in either case, percent-encoded, possibly
 * several times, or escaped as in JSON within a string. It compiles no patterns: on a server each request
 * may bring a new secret, and compiling its pattern would take longer than the rest of the request.
 */

/** End of a secret that begins `at` that position; -1 if none does. */
export type FindSecret = (text: string, at: number) => number

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
export function createFinder(secrets: readonly string[]): FindSecret {
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

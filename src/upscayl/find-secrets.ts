/*
 * Finds given texts in others however they are escaped there: each of their signs as it is, in either
 * case, percent-encoded, more than once too, or escaped as in JSON that lies in a string. The search
 * reads; it compiles nothing, for on a server each stranger may bring a secret, and a pattern for one
 * would take longer than all else that is done for it.
 */

/** Gives where a secret ends that begins `at` there; -1 where none does. */
export type FindSecret = (text: string, at: number) => number

/** A part of a secret: some backslashes, and what comes after them, which is none ('' at the end). */
interface Sign {
  readonly slashes: number
  /** In lower case. */
  readonly char: string
  /** Of the character in either case. */
  readonly codes: readonly number[]
  /** May have backslashes before it that are none of the secret's. */
  readonly isEscaped: boolean
}

const PERCENT = '%'.charCodeAt(0)
const BACKSLASH = '\\'.charCodeAt(0)
/** Each time that a text is written into a JSON string doubles them. */
const MOST_SLASHES = 4
/** Each further percent-encoding makes `%` to `%25`. */
const MOST_ENCODINGS = 3
const HEX_DIGITS = 2

/** Of several that begin at one place, the one that ends last is found. An empty secret is none. */
export function createFinder(secrets: readonly string[]): FindSecret {
  /** By the code of what they begin with. */
  const beginning = new Map<number, (readonly Sign[])[]>()
  for (const signs of secrets.map(signsOf)) {
    for (const code of signs[0]?.slashes ? [BACKSLASH] : (signs[0]?.codes ?? [])) {
      beginning.set(code, [...(beginning.get(code) ?? []), signs])
    }
  }
  return (text, at) => {
    const code = text.charCodeAt(at)
    // Most of a text is neither, and costs one look.
    const codes = code === PERCENT || code === BACKSLASH ? codesAt(text, at) : null
    const found = codes?.flatMap((it) => beginning.get(it) ?? []) ?? beginning.get(code)
    return found === undefined ? -1 : Math.max(-1, ...found.map((signs) => endOf(signs, text, at)))
  }
}

/** Backslashes are taken together with what comes next, because that may be why they are there. */
function signsOf(secret: string): readonly Sign[] {
  if (!secret.includes('\\')) return Array.from(secret, plainSign)
  return Array.from(secret.matchAll(/(\\*)([^\\]?)/gu), ([, { length } = '', char = '']) => ({
    ...plainSign(char),
    slashes: length,
  })).filter(({ slashes, char }) => slashes > 0 || char !== '')
}

/** Of ASCII, so there are few. */
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

/** What may begin at a `%` or a backslash: itself, or what it escapes. */
function codesAt(text: string, at: number): number[] {
  const escaped = text.charCodeAt(at + slashesAt(text, at, MOST_SLASHES))
  return [text.charCodeAt(at), escaped, ...introduced(text, at).map((to) => hexAt(text, to))]
}

/** Goes all ways at once, so that none is gone twice: what can be read in two ways costs two, not all. */
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
  const plain = at + (isEscaped ? slashesAt(text, at, MOST_SLASHES) : 0)
  const ends = endsOfCode(codes, text, introduced(text, at))
  return isAt(text, char, plain) ? [...ends, plain + char.length] : ends
}

/** Where the backslashes are backslashes, as many as escaping makes of them and of what follows. */
function endsOfRun({ slashes, char, codes }: Sign, text: string, at: number): number[] {
  const run = slashesAt(text, at, 8 * slashes + MOST_SLASHES)
  const to = at + run
  if (run < slashes) return []
  if (char === '') return [to]
  const ends = endsOfCode(codes, text, introduced(text, to, 0))
  return isAt(text, char, to) ? [...ends, to + char.length] : ends
}

const endsOfCode = (codes: readonly number[], text: string, starts: readonly number[]): number[] =>
  starts.filter((at) => codes.includes(hexAt(text, at))).map((at) => at + HEX_DIGITS)

/** Where the code of a character may begin that is encoded from `at` on, by `\u00` or by percents. */
function introduced(text: string, at: number, fewestSlashes = 1): readonly number[] {
  const code = text.charCodeAt(at)
  if (code === PERCENT) {
    const ends = [at + 1]
    for (let to = at + 1; ends.length <= MOST_ENCODINGS && text.startsWith('25', to); to += 2) {
      ends.push(to + 2)
    }
    return ends
  }
  if (code !== BACKSLASH && fewestSlashes > 0) return NOWHERE
  const to = at + slashesAt(text, at, MOST_SLASHES)
  return isAt(text, 'u00', to) ? [to + 'u00'.length] : NOWHERE
}

const NOWHERE: readonly number[] = []

function slashesAt(text: string, at: number, most: number): number {
  let count = 0
  while (count < most && text.charCodeAt(at + count) === BACKSLASH) count++
  return count
}

/** The number that two hexadecimal digits write; NaN where there are none. */
function hexAt(text: string, at: number): number {
  const digits = text.slice(at, at + HEX_DIGITS)
  return /^[\da-f]{2}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN
}

/** `part` is in lower case. */
const isAt = (text: string, part: string, at: number): boolean =>
  text.startsWith(part, at) || text.slice(at, at + part.length).toLowerCase() === part

import { err, ok, type Result } from '../lib/result.ts'
import { hasUnsafe, safeText } from '../lib/safe-text.ts'
import { cleanPart } from './safe-name.ts'

/** A pattern of names that has been read: known placeholders, safe letters, `.{ext}` at its end. */
export type Template = string & { readonly __brand: 'Template' }

export const PLACEHOLDERS = [
  'original',
  'model',
  'scale',
  'ext',
  'task',
  'n',
  'width',
  'height',
] as const
export type Placeholder = (typeof PLACEHOLDERS)[number]

export const MAX_TEMPLATE_LENGTH = 150
const ENDING = '.{ext}'

export const DEFAULT_TEMPLATE = '{original}-{model}-{scale}x.{ext}' as Template

const isPlaceholder = (word: string): word is Placeholder =>
  (PLACEHOLDERS as readonly string[]).includes(word)

/** Reads what a person typed. The error is a sentence for that person. */
export function parseTemplate(text: string): Result<Template, string> {
  const typed = text.normalize('NFC').trim()
  if (typed === '') return err(`Write a name, such as ${DEFAULT_TEMPLATE}.`)
  if (typed.length > MAX_TEMPLATE_LENGTH) {
    return err(
      `This is ${typed.length.toLocaleString('en')} characters long. A name has at most ${MAX_TEMPLATE_LENGTH} here.`,
    )
  }
  if (hasUnsafe(typed)) return err('This holds invisible characters. Type the name by hand.')
  const forbidden = /[<>:"/\\|?*\ufffd]/.exec(typed)?.[0]
  if (forbidden !== undefined) return err(`A file name cannot hold ${forbidden}`)
  const unpaired = unpairedBrace(typed)
  if (unpaired === '{') return err('A { has no } after it. Each placeholder stands in a pair.')
  if (unpaired === '}') return err('A } has no { before it. Each placeholder stands in a pair.')

  for (const [, inner = ''] of typed.matchAll(/\{([^{}]*)\}/g)) {
    if (!isPlaceholder(wordOf(inner))) return err(unknownPlaceholder(inner))
  }
  const known = typed.replace(/\{([^{}]*)\}/g, (_, inner: string) => `{${wordOf(inner)}}`)
  const stem = cleanPart(known.endsWith(ENDING) ? known.slice(0, -ENDING.length) : known)
  // The end is always that of what the file is, so that no `.exe` can be written after it.
  return ok((stem.replace(/[.\s]+$/, '') + ENDING) as Template)
}

const wordOf = (inner: string) => inner.trim().toLowerCase()

function unpairedBrace(text: string): '{' | '}' | null {
  let open = false
  for (const [brace] of text.matchAll(/[{}]/g)) {
    if (brace === '{' && open) return '{'
    if (brace === '}' && !open) return '}'
    open = brace === '{'
  }
  return open ? '{' : null
}

function unknownPlaceholder(inner: string): string {
  const known = PLACEHOLDERS.map((word) => `{${word}}`).join(', ')
  return inner.trim() === ''
    ? `There is nothing between { and }. Use one of ${known}.`
    : `There is no {${safeText(inner, 30)}}. Use one of ${known}.`
}

export type Values = Readonly<Record<Placeholder, string | null>>

const S = '[\\s\\-_.,+@&=;~#]' // separates
const O = '[([]'
const C = '[)\\]]'
const GAP = '\\{\\}'
const LETTER = `[^\\s\\-_.,+@&=;~#()[\\]{}]`
const GLUED = new RegExp(`${LETTER}*${GAP}${LETTER}*`, 'g')
const SEVERAL = new RegExp(`${GAP}(${S}*${GAP})+`, 'g')
const EMPTY_BRACKETS = new RegExp(`${O}${S}*${GAP}${S}*${C}`, 'g')
const AFTER_OPEN = new RegExp(`(${O})${S}*${GAP}${S}*`, 'g')
const BEFORE_CLOSE = new RegExp(`${S}*${GAP}(${C})`, 'g')
const AT_AN_END = new RegExp(`^${S}*${GAP}${S}*|${S}*${GAP}${S}*$`, 'g')
const BETWEEN = new RegExp(`(${S}*)${GAP}(${S}*)`, 'g')

/** What stands before `.{ext}`, filled. A missing value takes its letters and a separator along. */
export function fillStem(template: Template, values: Values): string {
  const stem = template.slice(0, -ENDING.length)
  const gaps = stem.replace(/\{(\w+)\}/g, (all, word: string) =>
    isPlaceholder(word) && values[word] === null ? '{}' : all,
  )
  return closeGaps(gaps).replace(/\{(\w+)\}/g, (_, word: string) =>
    isPlaceholder(word) ? (values[word] ?? '') : '',
  )
}

function closeGaps(gaps: string): string {
  // The `x` of `{scale}x` says nothing without its number.
  let text = gaps.replace(GLUED, '{}')
  for (let before = ''; before !== text; ) {
    before = text
    text = text.replace(SEVERAL, '{}').replace(EMPTY_BRACKETS, '{}')
  }
  return text
    .replace(AFTER_OPEN, '$1')
    .replace(BEFORE_CLOSE, '$1')
    .replace(AT_AN_END, '')
    .replace(BETWEEN, (_, left: string, right: string) => left || right)
}

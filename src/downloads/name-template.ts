import { err, ok, type Result } from '../../core/lib/result.ts'
import { hasUnsafe, safeText } from '../../core/lib/safe-text.ts'
import { persisted } from '../lib/store.ts'
import { cleanPart } from './safe-name.ts'

/** Parsed name template: known placeholders, safe characters, `.{ext}` at its end. */
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

/** Parses user input. The error is a sentence for the user. */
export function parseTemplate(text: string): Result<Template, string> {
  const typed = text.normalize('NFC').trim()
  if (typed === '') return err(`Enter a name, such as ${DEFAULT_TEMPLATE}.`)
  if (typed.length > MAX_TEMPLATE_LENGTH) {
    return err(
      `Too long: ${typed.length.toLocaleString('en')} characters. The maximum is ${MAX_TEMPLATE_LENGTH}.`,
    )
  }
  if (hasUnsafe(typed)) return err('Contains invisible characters. Type the name by hand.')
  const forbidden = /[<>:"/\\|?*\ufffd]/.exec(typed)?.[0]
  if (forbidden !== undefined) return err(`File names can’t contain ${forbidden}`)
  const unpaired = unpairedBrace(typed)
  if (unpaired === '{') return err('A { has no closing }.')
  if (unpaired === '}') return err('A } has no opening {.')

  for (const [, inner = ''] of typed.matchAll(/\{([^{}]*)\}/g)) {
    if (!isPlaceholder(wordOf(inner))) return err(unknownPlaceholder(inner))
  }
  const known = typed.replace(/\{([^{}]*)\}/g, (_, inner: string) => `{${wordOf(inner)}}`)
  const stem = cleanPart(known.endsWith(ENDING) ? known.slice(0, -ENDING.length) : known)
  // The extension is always that of the file type, so that no `.exe` can follow.
  return ok((stem.replace(/[.\s]+$/, '') + ENDING) as Template)
}

/** Adds a placeholder at the end of the name, before its extension. */
export function withPlaceholder(text: string, word: Placeholder): string {
  const stem = text.endsWith(ENDING) ? text.slice(0, -ENDING.length) : text
  return `${stem}{${word}}${text.slice(stem.length)}`
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
    ? `Nothing between { and }. Use one of ${known}.`
    : `Unknown placeholder {${safeText(inner, 30)}}. Use one of ${known}.`
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

/** The filled part before `.{ext}`. A missing value also removes its letters and one separator. */
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
  // The `x` of `{scale}x` means nothing without its number.
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

/** Name template of this browser. */
export const nameTemplate = persisted('loupe:file-names', DEFAULT_TEMPLATE, {
  parse(text) {
    const parsed = parseTemplate(text ?? DEFAULT_TEMPLATE)
    return parsed.ok ? parsed.value : DEFAULT_TEMPLATE
  },
  format: (template) => (template === DEFAULT_TEMPLATE ? null : template),
})

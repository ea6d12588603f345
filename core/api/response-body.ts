import { parseJson } from '../lib/parse-json.ts'

/*
 * Parser for a body before it is known to be a task, an error, or neither. Errors come as objects, as
 * JSON strings, and as plain text in text/plain (CONTRACT.md, "What follows for reading a status").
 */

export const isSuccess = (status: number): boolean => status >= 200 && status < 300

/** Begins with a letter or digit, and contains a letter. */
const SENTENCE = /^[\p{L}\p{N}].*\p{L}/su
/** Markup, binary data or text in another encoding. */
const NO_WORDS = /<[a-z!/?]|\ufffd|[^\P{Cc}\t\r\n]/iu

/**
 * The JSON of a body; plain text is read as if it were quoted. Undefined for anything else (a page, a
 * truncated object, bytes). The content type is ignored: a server may send text as text/html. Never throws.
 */
export function parseBody(body: string): unknown {
  const json = parseJson(body)
  if (json !== undefined) return json
  const text = body.trim()
  return SENTENCE.test(text) && !NO_WORDS.test(text) ? text.replace(/\s+/g, ' ') : undefined
}

/** Fields that may contain a message, in order of preference. */
export const WORD_FIELDS = ['message', 'error', 'detail', 'data'] as const
/** Maximum depth of the search: deeper than any error is nested, and safe for the stack. */
export const WORDS_DEPTH = 3

/** The message in a body, in any of the WORD_FIELDS; '' if there is none. */
export function messageIn(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value.trim()
  if (typeof value !== 'object' || value === null || depth === WORDS_DEPTH) return ''
  for (const name of WORD_FIELDS) {
    const words = Object.hasOwn(value, name) ? messageIn(Reflect.get(value, name), depth + 1) : ''
    if (words !== '') return words
  }
  return ''
}

const ERROR_WORDS: ReadonlySet<string> = new Set(['error', 'fail', 'failed', 'failure'])

/** Whether an envelope marks itself as an error, by its status, a flag or a non-empty `error`. */
export function isErrorEnvelope({
  status,
  success,
  error,
}: {
  readonly status?: unknown
  readonly success?: unknown
  readonly error?: unknown
}): boolean {
  const word = wordOf(status)
  return (
    ERROR_WORDS.has(word) ||
    /^[45]\d\d$/.test(word) ||
    wordOf(success) === 'false' ||
    wordOf(error) === 'true' ||
    messageIn(error) !== ''
  )
}

const wordOf = (value: unknown): string =>
  typeof value === 'object' ? '' : String(value).trim().toLowerCase()

import { parseJson } from '../lib/parse-json.ts'

/*
 * The body of an answer before it is known what it tells: a task, an error, or nothing. Errors come as
 * objects, as JSON strings, and bare in text/plain (CONTRACT.md, "What follows for reading a status").
 */

/** Of HTTP. */
export const isSuccess = (status: number): boolean => status >= 200 && status < 300

/** Begins as a sentence does, and has a letter. */
const SENTENCE = /^[\p{L}\p{N}].*\p{L}/su
/** Markup, and what is no text at all: bytes, or another encoding. */
const NO_WORDS = /<[a-z!/?]|\ufffd|[^\P{Cc}\t\r\n]/iu

/**
 * The JSON of a body; bare words are read as if they were quoted. Undefined for all else (a page, half
 * an object, bytes), whatever its type says: a server may send words as text/html. Never throws.
 */
export function parseBody(body: string): unknown {
  const json = parseJson(body)
  if (json !== undefined) return json
  const text = body.trim()
  return SENTENCE.test(text) && !NO_WORDS.test(text) ? text.replace(/\s+/g, ' ') : undefined
}

/** Where words are found, the plainest first. */
export const WORD_FIELDS = ['message', 'error', 'detail', 'data'] as const
/** Deeper than any error is nested, and no deeper than a stack can go. */
export const WORDS_DEPTH = 3

/** What a body says in words, wherever it says it; '' for nothing. */
export function wordsIn(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value.trim()
  if (typeof value !== 'object' || value === null || depth === WORDS_DEPTH) return ''
  for (const name of WORD_FIELDS) {
    const words = Object.hasOwn(value, name) ? wordsIn(Reflect.get(value, name), depth + 1) : ''
    if (words !== '') return words
  }
  return ''
}

const ERROR_WORDS: ReadonlySet<string> = new Set(['error', 'fail', 'failed', 'failure'])

/** Whether an envelope calls itself an error, by its status, a flag or an `error` that is not empty. */
export function saysError({
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
    wordsIn(error) !== ''
  )
}

const wordOf = (value: unknown): string =>
  typeof value === 'object' ? '' : String(value).trim().toLowerCase()

import * as v from 'valibot'
import { parseJson } from '../lib/parse-json.ts'
import { safeText } from '../lib/safe-text.ts'
import type { AccountError, Origin } from './errors.ts'

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

/** Error details of a response, from the API itself or from a server in between. */
export interface Problem {
  /** Message that is safe to show; null for none. */
  readonly message: string | null
  /** Error code; '' for none. */
  readonly code: string
  readonly origin: Origin
}

/** Longest message that is kept. */
export const MAX_MESSAGE_LENGTH = 300

/** Message and code of a body (see parseBody). The message is truncated, and the key is masked in it. */
export function readProblem(json: unknown, key: string): Problem {
  const words = messageIn(json)
  const safe = safeText(key === '' ? words : words.replaceAll(key, '•••'), MAX_MESSAGE_LENGTH)
  const { error = '', by = null } =
    typeof json === 'object' && json !== null ? (json as { error?: unknown; by?: unknown }) : {}
  return {
    message: safe === '' ? null : safe,
    code: typeof error === 'string' ? error : '',
    origin: by === 'loupe' ? { by } : {},
  }
}

/** Does not match a missing "User-Agent" header or a missing field that a user should provide. */
const NO_USER = /\bmissing user(?: ?id\b|[.!]?$)|\buser(?: ?id)? not found\b/i

/** A rejection that concerns the account and not the request; null for any other response. */
export function accountError(status: number, { message }: Problem): AccountError | null {
  // The API also reports an invalid key as a missing user.
  if (status === 401 || (status < 500 && NO_USER.test(message ?? ''))) return { kind: 'key' }
  return status === 402 ? { kind: 'credits', message } : null
}

/** Request Timeout and Too Early, for which RFC 9110 and RFC 8470 allow a retry. */
const RETRIED: ReadonlySet<number> = new Set([408, 425])

/**
 * Whether a retry would be rejected again. A response that is not from the API itself (a page of some
 * server in between, which is not JSON) says nothing about the request.
 */
export const isRefusal = (status: number, json: unknown): boolean =>
  status >= 400 && status < 500 && json !== undefined && !RETRIED.has(status)

const unsent = v.object({ error: v.literal('UPSTREAM_UNREACHABLE'), sent: v.literal(false) })

/** Whether Loupe's server reports that the request never reached the API. */
export const isUnsent = (json: unknown): boolean => v.is(unsent, json)

import * as v from 'valibot'
import { safeText } from '../lib/safe-text.ts'
import { wordsIn } from './body.ts'
import { LONGEST_MESSAGE } from './wire.ts'

/** What an answer says of an error, by the API itself or by a server in between. */
export interface Problem {
  /** In words that can be shown; null for none. */
  readonly message: string | null
  /** In one word, '' for none. */
  readonly code: string
}

/** The words and the code of a body (parseBody), cut to a length a page can hold, never with the key in them. */
export function readProblem(json: unknown, key: string): Problem {
  const words = wordsIn(json)
  const safe = safeText(key === '' ? words : words.replaceAll(key, '•••'), LONGEST_MESSAGE)
  const { error = '' } =
    typeof json === 'object' && json !== null ? (json as { error?: unknown }) : {}
  return { message: safe === '' ? null : safe, code: typeof error === 'string' ? error : '' }
}

/** Not that a header "User-Agent" is missing, or what a user is to give. */
const NO_USER = /\bmissing user(?: ?id\b|[.!]?$)|\buser(?: ?id)? not found\b/i

/** The API's ways to say that it does not accept the key: it finds no user by it. */
export const isMissingUser = (status: number, { message }: Problem): boolean =>
  status < 500 && NO_USER.test(message ?? '')

/** Request Timeout and Too Early: RFC 9110 and RFC 8470 invite the same request again. */
const RETRIED: ReadonlySet<number> = new Set([408, 425])

/**
 * Whether the same request would get the same refusal. What is not the API's own word (a page of some
 * server in between, which is no JSON) says nothing of the request.
 */
export const isRefusal = (status: number, json: unknown): boolean =>
  status >= 400 && status < 500 && json !== undefined && !RETRIED.has(status)

const unsent = v.object({ error: v.literal('UPSTREAM_UNREACHABLE'), sent: v.literal(false) })

/** Whether Loupe's server says that it found no way to the API, so that nothing reached it. */
export const isUnsent = (json: unknown): boolean => v.is(unsent, json)

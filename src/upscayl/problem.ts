import * as v from 'valibot'
import { safeText } from '../lib/safe-text.ts'
import { LONGEST_MESSAGE } from './wire.ts'

/** What an answer says of an error, by the API itself or by a server in between. */
export interface Problem {
  /** In words that can be shown; null for none. */
  readonly message: string | null
  /** In one word, '' for none. */
  readonly code: string
}

const errorBody = v.object({
  error: v.fallback(v.optional(v.string(), ''), ''),
  message: v.fallback(v.optional(v.string(), ''), ''),
})

/** The words and the code of an error's body, cut to a length a page can hold, never with the key in them. */
export function readProblem(json: unknown, key: string): Problem {
  const parsed = v.safeParse(errorBody, json)
  const { error, message } = parsed.success ? parsed.output : { error: '', message: '' }
  const words = typeof json === 'string' ? json : message === '' ? error : message
  const safe = safeText(key === '' ? words : words.replaceAll(key, '•••'), LONGEST_MESSAGE)
  return { message: safe === '' ? null : safe, code: error }
}

/** The API's way to say that it does not accept the key. */
export const isMissingUser = ({ message }: Problem): boolean =>
  /missing user id/i.test(message ?? '')

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

import * as v from 'valibot'
import { safeText } from '../lib/safe-text.ts'
import type { ApiError } from './errors.ts'
import { messageIn } from './response-body.ts'
import { MAX_MESSAGE_LENGTH } from './wire.ts'

/** Error details of a response, from the API itself or from a server in between. */
export interface Problem {
  /** Message that is safe to show; null for none. */
  readonly message: string | null
  /** Error code; '' for none. */
  readonly code: string
  /** Whether Loupe's own server made it. */
  readonly byLoupe: boolean
}

/** Message and code of a body (see parseBody). The message is truncated, and the key is masked in it. */
export function readProblem(json: unknown, key: string): Problem {
  const words = messageIn(json)
  const safe = safeText(key === '' ? words : words.replaceAll(key, '•••'), MAX_MESSAGE_LENGTH)
  const { error = '', by = null } =
    typeof json === 'object' && json !== null ? (json as { error?: unknown; by?: unknown }) : {}
  return {
    message: safe === '' ? null : safe,
    code: typeof error === 'string' ? error : '',
    byLoupe: by === 'loupe',
  }
}

/** Does not match a missing "User-Agent" header or a missing field that a user should provide. */
const NO_USER = /\bmissing user(?: ?id\b|[.!]?$)|\buser(?: ?id)? not found\b/i

/** A rejection that concerns the account and not the request; null for any other response. */
export function accountError(
  status: number,
  { message }: Problem,
): Extract<ApiError, { kind: 'key' | 'credits' }> | null {
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

import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { KEY_RULE } from '../idempotency-key.ts'

/** An error of this server, in the form the API itself uses for most of its errors. */
export interface Problem {
  readonly error: string
  readonly message: string
  /** False where it is certain that nothing reached the API. */
  readonly sent?: false
}

const PROBLEMS = {
  BAD_REQUEST: [400, 'This is not what this address takes.'],
  KEY_UNUSABLE: [
    400,
    'The header X-API-Key must hold your API key: 6 to 512 printable characters without spaces.',
  ],
  IDEMPOTENCY_KEY_UNUSABLE: [400, KEY_RULE],
  CROSS_SITE: [403, 'Requests from other sites are not accepted.'],
  SHARE_KEY_UNPROVEN: [
    403,
    "Upscayl hasn't accepted this key, so no link was created. Check a task with it, then retry.",
  ],
  NOT_FOUND: [404, 'There is nothing at this address.'],
  SHARE_UNKNOWN: [404, 'There is no such link. It may have been cut short where it was copied.'],
  METHOD_NOT_ALLOWED: [405, 'This address does not accept this method.'],
  SHARE_TOO_MANY: [
    409,
    'This key has as many links as it may have at a time. Revoke one that is not needed any more.',
  ],
  START_UNKNOWN: [
    409,
    'An earlier request under this Idempotency-Key was sent in full, and what came of it is not known: it may have started a task. Look for it in your Upscayl account, by its tasks or its credits. If it is not there, start it under a new key.',
  ],
  START_UNAVAILABLE: [
    503,
    "Loupe can't save that it started a task, so it didn't. Nothing was deducted. The server log says why.",
  ],
  SHARE_ENDED: [410, 'This link has ended. Ask whoever sent it for a new one.'],
  SHARE_REVOKED: [410, 'Whoever sent this link has revoked it.'],
  LENGTH_REQUIRED: [411, 'The form must have a Content-Length.'],
  BODY_TOO_LARGE: [413, 'The request is too large.'],
  MISDIRECTED: [
    421,
    'This server does not answer under this name. If the name is meant for it, start it with LOUPE_ORIGIN set to its address in the browser, such as LOUPE_ORIGIN=https://loupe.example.org.',
  ],
  NOT_MULTIPART: [415, 'The request must be multipart/form-data.'],
  NOT_JSON: [415, 'The request must be application/json.'],
  BODY_CUT_OFF: [400, 'The request ended before all of it had arrived.'],
  RATE_LIMIT_EXCEEDED: [
    429,
    'All questions that this key may ask for now are used up, and nothing is known of this task yet.',
  ],
  INTERNAL: [500, 'The server has a fault.'],
  TOO_MANY_REQUESTS: [
    429,
    'Too many requests came from your network. Loupe takes them again after the time in Retry-After.',
  ],
  UPSTREAM_UNREACHABLE: [502, 'The Upscayl API could not be reached, or its answer broke off.'],
  UPSTREAM_UNUSABLE: [502, 'The Upscayl API gave an answer that cannot be used.'],
  CLOSING: [503, 'Loupe is being shut down or restarted. Try again in a moment.'],
  SHARE_FULL: [503, "This server can't store more live links. Retry later, or revoke a link."],
  SHARE_UNAVAILABLE: [503, 'This server cannot keep live links. Its log says why.'],
  UPSTREAM_TIMEOUT: [504, 'The Upscayl API did not answer in time.'],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>

export type ProblemName = keyof typeof PROBLEMS

export function problem(
  name: ProblemName,
  headers: Headers | Readonly<Record<string, string>> = {},
  detail = '',
  more: Pick<Problem, 'sent'> = {},
): Response {
  const [status, text] = PROBLEMS[name]
  const body: Problem = {
    error: name,
    message: detail === '' ? text : `${text} ${detail}`,
    ...more,
  }
  return Response.json(body, { status, headers })
}

import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { KEY_RULE } from './idempotency-key.ts'

/** An error of this server, in the shape the API itself uses for most errors. */
export interface Problem {
  readonly error: string
  readonly message: string
  /** Tells it from the API's own errors, which are passed on. */
  readonly by: 'loupe'
  /** False if certainly nothing reached the API. */
  readonly sent?: false
}

const PROBLEMS = {
  BAD_REQUEST: [400, 'Invalid request.'],
  KEY_UNUSABLE: [
    400,
    'Invalid X-API-Key header: an API key has 6 to 512 printable characters without spaces.',
  ],
  IDEMPOTENCY_KEY_UNUSABLE: [400, KEY_RULE],
  CROSS_SITE: [403, 'Requests from other sites are not accepted.'],
  SHARE_KEY_UNPROVEN: [
    403,
    "Upscayl hasn't accepted this key, so no link was created. Check a task with it, then retry.",
  ],
  NOT_FOUND: [404, 'Not found.'],
  SHARE_UNKNOWN: [404, 'Link not found. Part of it may be missing.'],
  METHOD_NOT_ALLOWED: [405, 'Method not allowed.'],
  SHARE_TOO_MANY: [409, 'Too many public links for this key. Revoke one you no longer need.'],
  START_UNKNOWN: [
    409,
    'An earlier request with this Idempotency-Key may have started a task, but its result is unknown. Check your Upscayl account. If the task is not there, retry with a new Idempotency-Key.',
  ],
  START_UNAVAILABLE: [
    503,
    "Loupe can't save that it started a task, so it didn't. Nothing was deducted. The server log says why.",
  ],
  SHARE_ENDED: [410, 'This link has expired. Ask the sender for a new one.'],
  SHARE_REVOKED: [410, 'The sender has revoked this link.'],
  LENGTH_REQUIRED: [411, 'The form must have a Content-Length.'],
  BODY_TOO_LARGE: [413, 'The request is too large.'],
  MISDIRECTED: [
    421,
    "This server doesn't accept requests for this host name. To allow it, set LOUPE_ORIGIN to the URL in the browser, such as LOUPE_ORIGIN=https://loupe.example.org.",
  ],
  NOT_MULTIPART: [415, 'The request must be multipart/form-data.'],
  NOT_JSON: [415, 'The request must be application/json.'],
  BODY_CUT_OFF: [400, 'The request body was cut off.'],
  RATE_LIMIT_EXCEEDED: [
    429,
    'Hourly limit of this key reached. Loupe checks this task when the limit resets.',
  ],
  INTERNAL: [500, 'Internal server error.'],
  TOO_MANY_REQUESTS: [429, 'Too many requests from your network. Wait a moment, then retry.'],
  UPSTREAM_UNREACHABLE: [502, "Can't reach Upscayl, or the connection dropped."],
  UPSTREAM_UNUSABLE: [502, 'Upscayl sent an unreadable response.'],
  CLOSING: [503, 'Loupe is restarting. Retry in a moment.'],
  SHARE_FULL: [503, "This server can't store more public links. Retry later, or revoke one."],
  SHARE_UNAVAILABLE: [503, "This server can't store public links. The server log says why."],
  UPSTREAM_TIMEOUT: [504, "Upscayl didn't respond in time."],
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
    by: 'loupe',
    ...more,
  }
  return Response.json(body, { status, headers })
}

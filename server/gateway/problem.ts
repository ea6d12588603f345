import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** An error of this server, in the form the API itself uses for most of its errors. */
export interface Problem {
  readonly error: string
  readonly message: string
}

const PROBLEMS = {
  CROSS_SITE: [403, 'Requests from other sites are not accepted.'],
  NOT_FOUND: [404, 'There is nothing at this address.'],
  METHOD_NOT_ALLOWED: [405, 'This address does not accept this method.'],
  BODY_TOO_LARGE: [413, 'The request is too large.'],
  MISDIRECTED: [
    421,
    'This server does not answer under this name. If the name is meant for it, start it with LOUPE_ORIGIN set to its address in the browser, such as LOUPE_ORIGIN=https://loupe.example.org.',
  ],
  NOT_JSON: [415, 'The request must be application/json.'],
  BODY_CUT_OFF: [400, 'The request ended before all of it had arrived.'],
  INTERNAL: [500, 'The server has a fault.'],
  UPSTREAM_UNREACHABLE: [502, 'The Upscayl API could not be reached, or its answer broke off.'],
  UPSTREAM_UNUSABLE: [502, 'The Upscayl API gave an answer that cannot be used.'],
  UPSTREAM_TIMEOUT: [504, 'The Upscayl API did not answer in time.'],
} as const satisfies Record<string, readonly [ContentfulStatusCode, string]>

export type ProblemName = keyof typeof PROBLEMS

export function problem(
  name: ProblemName,
  headers: Readonly<Record<string, string>> = {},
  detail = '',
): Response {
  const [status, text] = PROBLEMS[name]
  const body: Problem = { error: name, message: detail === '' ? text : `${text} ${detail}` }
  return Response.json(body, { status, headers })
}

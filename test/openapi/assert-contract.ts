import type { Hono } from 'hono'
import type { SampleName } from '../../core/api/samples.ts'
import { type Standard, violations } from './openapi.ts'

/* Fails tests on any response that breaks the contract. Only for tests. */

/** `outside`: must break the contract, so that the list below stays correct. */
export type Expected = Standard | 'outside'

/** The samples and sentinels that the contract does not describe, and why. All others conform. */
export const NON_CONFORMING: Readonly<Partial<Record<SampleName | 'cut-connection', string>>> = {
  'no-progress': 'progress is an empty text',
  'credits-unknown': 'null where a number and a boolean belong',
  'no-links': 'null where links belong',
  'hostile-values': 'most values are out of their range or of another type',
  'endless-words': 'status, model and saveImageAs are words nobody documented',
  'unknown-status': 'status is a word nobody documented',
  'other-envelope': 'the status of its envelope is a free text',
  'all-text': 'texts where numbers and booleans belong',
  'error-404-bare': 'bare text, no JSON',
  'error-404-user': 'bare text, no JSON',
  'error-500-bare': 'bare text, no JSON',
  'error-in-200': 'an error that is no status of HTTP',
  'error-html': 'a page of some server in between',
  'error-empty': 'no JSON',
  'error-cut-off': 'no JSON',
  'error-no-envelope': 'JSON of something else',
  'cut-connection': 'it breaks off',
}

export interface CheckedRequest {
  readonly method: string
  /** Below /api. */
  readonly path: string
}

/** Returns the response, still unread. Throws if it is not as expected. */
export async function held(
  response: Response,
  { method, path }: CheckedRequest,
  expected: Expected = 'relayed',
): Promise<Response> {
  const { status, headers } = response
  const body = await response
    .clone()
    .text()
    .catch(() => null)
  const standard = expected === 'outside' ? 'relayed' : expected
  const found = violations({ method, path, status, headers, body }, standard)
  if (expected === 'outside' && found.length === 0) {
    throw new Error(`${method} ${path} ${status} keeps openapi.yaml, but was said to break it`)
  }
  if (expected !== 'outside' && found.length > 0) {
    throw new Error(`The answer breaks openapi.yaml:\n${found.join('\n')}\nIts body: ${body}`)
  }
  return response
}

/** Checks every response of an app below `base`. Without `base` the app is only part of the server. */
export const withContractChecks = (app: Hono, expected: Expected = 'relayed', base = '') => ({
  async request(input: string | Request, init?: RequestInit): Promise<Response> {
    const response = await app.request(input, init)
    const { pathname } = new URL(input instanceof Request ? input.url : input, 'http://localhost')
    if (pathname !== base && !pathname.startsWith(`${base}/`)) return response
    if (base !== '' && !response.headers.has('x-request-id')) {
      throw new Error(`The answer to ${pathname} has no X-Request-Id`)
    }
    const method = (input instanceof Request ? input.method : init?.method) ?? 'GET'
    return held(response, { method, path: pathname.slice(base.length) }, expected)
  },
})

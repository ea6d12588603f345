import { isRateHeader } from '../../src/upscayl/rate-limit.ts'

const REQUEST_HEADERS = ['accept', 'content-type', 'x-api-key']

/** And of a start: it is sent on as it comes in, and an API that knows such keys should have it. */
export const START_HEADERS = [...REQUEST_HEADERS, 'content-length', 'idempotency-key']

const RESPONSE_HEADERS = ['content-type', 'date', 'retry-after']

/** What the upstream needs of a browser's headers. Cookies and credentials of this site stay here. */
export function requestHeaders(from: Headers, names = REQUEST_HEADERS): Headers {
  const headers = new Headers()
  for (const name of names) {
    const value = from.get(name)
    if (value !== null) headers.set(name, value)
  }
  return headers
}

/** What the dashboard needs of the upstream's headers. */
export function responseHeaders(from: Headers): Headers {
  const isNeeded = (name: string) => RESPONSE_HEADERS.includes(name) || isRateHeader(name)
  return new Headers([...from].filter(([name]) => isNeeded(name)))
}

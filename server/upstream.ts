/** Whatever answers as the Upscayl API does: the sandbox, or the API itself. */
export type Upstream = (request: Request) => Promise<Response>

/** Fetch wants it said of a body that is a stream. */
const HALF_DUPLEX = { duplex: 'half' } as const

/**
 * The API at `baseUrl` (http(s), without a trailing slash). Of a request's address only path and
 * query are used. A redirect is handed back unfollowed, so that the key never goes to another host.
 * Rejects as `fetch` does when there is no answer.
 */
export function remoteUpstream(baseUrl: string): Upstream {
  return async (request) => {
    const { pathname, search } = new URL(request.url)
    // As bytes: a stream without a length would be sent in chunks, which not every API accepts.
    const isStream = request.body === null || request.headers.has('content-length')
    const body = isStream ? request.body : await request.arrayBuffer()
    return fetch(`${baseUrl}${pathname}${search}`, {
      method: request.method,
      headers: request.headers,
      body,
      ...HALF_DUPLEX,
      redirect: 'manual',
      signal: request.signal,
    })
  }
}

/** Whatever answers as the Upscayl API does: the sandbox, or the API itself. */
export type Upstream = (request: Request) => Promise<Response>

/**
 * The API at `baseUrl` (http(s), without a trailing slash). Of a request's address only path and
 * query are used. A redirect is handed back unfollowed, so that the key never goes to another host.
 * Rejects as `fetch` does when there is no answer.
 */
export function remoteUpstream(baseUrl: string): Upstream {
  return async (request) => {
    const { pathname, search } = new URL(request.url)
    // As bytes: a stream would be sent in chunks, which not every API accepts.
    const body = request.body === null ? null : await request.arrayBuffer()
    return fetch(`${baseUrl}${pathname}${search}`, {
      method: request.method,
      headers: request.headers,
      body,
      redirect: 'manual',
      signal: request.signal,
    })
  }
}

/** Whatever answers as the Upscayl API does: the sandbox, or the API itself. */
export type Upstream = (request: Request) => Promise<Response>

/** Fetch wants it said of a body that is a stream. */
const HALF_DUPLEX = { duplex: 'half' } as const

/** Makes a stream such that `fetch` says its length. Node goes by the header. */
export type Sized = (body: ReadableStream<Uint8Array>, length: number) => ReadableStream<Uint8Array>

/**
 * The API at `baseUrl` (http(s), without a trailing slash). Of a request's address only path and
 * query are used. A redirect is handed back unfollowed, so that the key never goes to another host.
 * Rejects as `fetch` does when there is no answer.
 */
export function remoteUpstream(baseUrl: string, sized: Sized = (body) => body): Upstream {
  return async (request) => {
    const { pathname, search } = new URL(request.url)
    const length = request.headers.get('content-length')
    let body: BodyInit | null = request.body
    if (body !== null) {
      // As bytes: a stream without a length would be sent in chunks, which not every API accepts.
      body = length === null ? await request.arrayBuffer() : sized(body, Number(length))
    }
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

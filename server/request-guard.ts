import type { RequestListener } from 'node:http'

/*
 * What Node lets through that no browser and no honest proxy sends. It refuses by itself: a second
 * Content-Length or Transfer-Encoding, both of them, folded lines, bare line feeds (llhttp, strict). But
 * of a Transfer-Encoding that it does not know it complains too late, when the request is passed on.
 */

/** Chrome sends about 20; proxies add a few. */
const MOST_HEADERS = 100

/**
 * Headers that decide what is done, and by whom. Of two, one server takes the first, another the last
 * or both, so that what a proxy checked need not be what is heeded here.
 */
const ONCE = new Map(
  ['Host', 'Authorization', 'Content-Type', 'X-API-Key', 'Idempotency-Key'].map(
    (name) => [name.toLowerCase(), name] as const,
  ),
)

type Refusal = readonly [status: 400 | 431, sentence: string]

/** `rawHeaders`: names and values in turns. */
function refusalOf(rawHeaders: readonly string[]): Refusal | null {
  if (rawHeaders.length > 2 * MOST_HEADERS) {
    return [431, `A request may have at most ${MOST_HEADERS} headers.`]
  }
  const seen = new Set<string>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? ''
    if (name === 'transfer-encoding' && rawHeaders[at + 1]?.toLowerCase() !== 'chunked') {
      return [400, 'A request may have no Transfer-Encoding but chunked.']
    }
    if (!ONCE.has(name)) continue
    if (seen.has(name)) return [400, `A request may have the header ${ONCE.get(name)} only once.`]
    seen.add(name)
  }
  return null
}

/** Lets only such requests through whose headers mean one thing. Needs `maxHeadersCount` to be 0. */
export const guarded =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    const refusal = refusalOf(request.rawHeaders)
    if (refusal === null) {
      listener(request, response)
      return
    }
    const [status, sentence] = refusal
    response.writeHead(status, {
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
      Connection: 'close',
    })
    request.resume()
    response.end(`${sentence}\n`)
  }

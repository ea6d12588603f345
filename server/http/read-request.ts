import * as v from 'valibot'
import { MIN_SECRET_LENGTH } from '../../core/api/redact-secrets.ts'
import { problem } from './problem.ts'

/* Parts of a request: its API key, and a JSON body. */

/** Valid in an HTTP header, and long enough to be redacted from every response: see redact-secrets.ts. */
const apiKey = v.pipe(
  v.string(),
  v.minLength(MIN_SECRET_LENGTH),
  v.maxLength(512),
  v.regex(/^[\x21-\x7e]+$/),
)

/** The API key of a request; null if missing or invalid. */
export function readApiKey(headers: Headers): string | null {
  const parsed = v.safeParse(apiKey, headers.get('x-api-key'))
  return parsed.success ? parsed.output : null
}

const JSON_TYPE = /^application\/json\s*(?:;|$)/i

/** The unparsed bytes of a JSON request, or the error response. */
export async function readJsonBody(
  request: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer> | Response> {
  const { headers } = request
  if (!JSON_TYPE.test(headers.get('content-type') ?? '')) return problem('NOT_JSON')
  // A body never exceeds its Content-Length (RFC 9112, 6.2), and reading it at once costs a fifth of
  // streaming it. A longer body, or one without a length, is streamed up to the limit. Only then is
  // `request.body` touched: its getter alone makes Node's adapter build a stream.
  const length = headers.get('content-length') ?? ''
  const isShort = /^\d+$/.test(length) && Number(length) <= maxBytes
  try {
    const bytes = isShort
      ? new Uint8Array(await request.arrayBuffer())
      : await readLimited(request.body, maxBytes)
    if (bytes !== null && bytes.byteLength <= maxBytes) return bytes
    return problem('BODY_TOO_LARGE', {}, `It may have at most ${maxBytes / 1024} KiB.`)
  } catch {
    return problem('BODY_CUT_OFF')
  }
}

/**
 * All bytes of a body, or null as soon as there are more than `maxBytes`. The Content-Length is not
 * trusted, and a chunked body has none. Rejects when the body breaks off.
 */
export async function readLimited(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body === null) return new Uint8Array()
  const reader = body.getReader()
  const cancel = () => void reader.cancel().catch(() => undefined)
  signal?.addEventListener('abort', cancel, { once: true })
  const chunks: Uint8Array[] = []
  let size = 0
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.byteLength
    if (size > maxBytes) {
      cancel()
      return null
    }
    chunks.push(next.value)
  }
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

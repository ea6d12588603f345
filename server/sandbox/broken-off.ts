import type { RawResponse } from '../../core/api/raw-response.ts'

/** Delay that lets the first half leave: an immediate error would become a 500 instead. */
const CUT_AFTER_MS = 50

/** Servers don't report an error with this code. */
const CUT_ON_PURPOSE = Object.assign(new Error('The sandbox cuts this connection on purpose.'), {
  code: 'ERR_STREAM_PREMATURE_CLOSE',
})

/** Announces its full length and stops halfway, like a crashing server. */
export function brokenOff({ status, headers, body }: RawResponse): Response {
  const bytes = new TextEncoder().encode(body)
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, bytes.length / 2))
      setTimeout(() => controller.error(CUT_ON_PURPOSE), CUT_AFTER_MS)
    },
  })
  return new Response(stream, {
    status,
    headers: { ...headers, 'content-length': String(bytes.length) },
  })
}

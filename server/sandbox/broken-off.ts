import type { Reply } from '../../src/upscayl/reply.ts'

/** Long enough for the first half to leave: a server that sees the end coming sends a 500 instead. */
const CUT_AFTER_MS = 50

/** Promises its whole length and stops halfway, as a dying server does. */
export function brokenOff({ status, headers, body }: Reply): Response {
  const bytes = new TextEncoder().encode(body)
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, bytes.length / 2))
      setTimeout(() => controller.error(new CutOnPurpose()), CUT_AFTER_MS)
    },
  })
  return new Response(stream, {
    status,
    headers: { ...headers, 'content-length': String(bytes.length) },
  })
}

class CutOnPurpose extends Error {
  /** By this code servers know that nobody is to be alarmed. */
  readonly code = 'ERR_STREAM_PREMATURE_CLOSE'
  override readonly message = 'The sandbox cuts this connection on purpose.'
}

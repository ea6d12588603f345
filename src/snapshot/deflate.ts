import { err, ok, type Result } from '../lib/result.ts'

/*
 * The browser's own compression. With the frame of zlib (RFC 1950): its checksum tells a link that was
 * changed on its way, for which raw data would say something else. That is worth eight characters.
 */
const FORMAT = 'deflate'

export async function deflate(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream(FORMAT))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** One byte becomes up to 1,032: a piece at a time, so that little more than `most` is ever held. */
const PIECE = 256

/** Stops at `most` bytes of text. Never rejects. */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
): Promise<Result<string, 'damaged' | 'too-large'>> {
  let from = 0
  const pieces = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        if (from >= bytes.length) return controller.close()
        controller.enqueue(bytes.slice(from, from + PIECE))
        from += PIECE
      },
    },
    { highWaterMark: 0 },
  )
  const reader = pieces.pipeThrough(new DecompressionStream(FORMAT)).getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let size = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return ok(text + decoder.decode())
      size += value.length
      if (size > most) {
        void reader.cancel().catch(() => {})
        return err('too-large')
      }
      text += decoder.decode(value, { stream: true })
    }
  } catch {
    return err('damaged')
  }
}

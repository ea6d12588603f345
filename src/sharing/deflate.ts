import { err, ok, type Result } from '../../core/lib/result.ts'
import { within } from '../lib/within.ts'

/*
 * The browser's own compression in the zlib format (RFC 1950): its checksum detects a link that
 * was changed in transit, where raw data would decode to something else. It costs eight
 * characters.
 */
const FORMAT = 'deflate'

/** A whole link takes some milliseconds. */
const PATIENCE = 5000

/** Rejects if the browser has no compression. */
export async function deflate(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream(FORMAT))
  return new Uint8Array(await within(new Response(stream).arrayBuffer(), PATIENCE))
}

/** One byte can become up to 1,032: inflating in pieces keeps memory close to `maxBytes`. */
const PIECE = 256

/** Stops at `maxBytes` bytes of text. Never rejects. */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  maxBytes: number,
): Promise<Result<string, 'damaged' | 'too-large' | 'no-compression'>> {
  const unpacking = unpacker()
  if (unpacking === null) return err('no-compression')
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
  const reader = pieces.pipeThrough(unpacking).getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let size = 0
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), PATIENCE)
      if (done) return ok(text + decoder.decode())
      size += value.length
      if (size > maxBytes) {
        void reader.cancel().catch(() => {})
        return err('too-large')
      }
      text += decoder.decode(value, { stream: true })
    }
  } catch (error) {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError'
    return err(isLate ? 'no-compression' : 'damaged')
  }
}

function unpacker(): DecompressionStream | null {
  try {
    return new DecompressionStream(FORMAT)
  } catch {
    return null
  }
}

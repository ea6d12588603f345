import { within } from '../lib/within.ts'
import { HEAD_BYTES, headerDimensions, isComplete, sniff, TAIL_BYTES } from './image-bytes.ts'
import type { Arrived, Glance, Picture } from './verify.ts'

/** 1 GB of pixels in memory, and about what canvases and decoders can hold. */
const MAX_PIXELS = 268_435_456
const TILE_WIDTH = 4096
const TILE_HEIGHT = 64
/** The largest picture takes some seconds on a slow device. */
const PATIENCE = 60_000
/** After so many tiles without a second colour the page gets a turn. */
const TILES_A_TURN = 32

/** Looks at a file that arrived. Rejects only when `signal` aborts or the bytes cannot be read. */
export async function examine(blob: Blob, signal?: AbortSignal): Promise<Arrived> {
  const { head, ...seen } = await glanceAt(blob)
  signal?.throwIfAborted()
  const expected = seen.type === null ? null : headerDimensions(seen.type, head)
  const picture: Picture =
    expected !== null && expected.width * expected.height > MAX_PIXELS
      ? { unreadable: 'too-large' }
      : await decode(blob, signal)
  return { ...seen, picture }
}

/** What the ends of a file tell, at hardly any cost. Rejects when the bytes cannot be read. */
export async function glanceAt(blob: Blob): Promise<Glance & { readonly head: Uint8Array }> {
  const { size } = blob
  const [head, tail] = await Promise.all([
    bytesOf(blob.slice(0, HEAD_BYTES)),
    bytesOf(blob.slice(Math.max(0, size - TAIL_BYTES))),
  ])
  const type = sniff(head)
  const complete = size > 0 && (type === null || isComplete(type, { head, tail, size }))
  return { size, type, complete, head }
}

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer())

async function decode(blob: Blob, signal: AbortSignal | undefined): Promise<Picture> {
  let bitmap: ImageBitmap
  try {
    // Colours are compared, not looked at, so the conversion to the screen's would be in vain.
    bitmap = await within(createImageBitmap(blob, { colorSpaceConversion: 'none' }), PATIENCE)
  } catch (error) {
    signal?.throwIfAborted()
    // HTML standard, 8.11.2: of all that can be wrong, only this is the picture's own.
    const isBroken = error instanceof DOMException && error.name === 'InvalidStateError'
    return { unreadable: isBroken ? 'broken' : 'no-decoder' }
  }
  try {
    signal?.throwIfAborted()
    const { width, height } = bitmap
    if (width * height > MAX_PIXELS) return { unreadable: 'too-large' }
    return { width, height, singleColour: await singleColour(bitmap, signal) }
  } finally {
    bitmap.close()
  }
}

/** The one colour that every pixel has, as #rrggbb or #rrggbbaa, or null at the second one, or where none can be read. */
async function singleColour(
  bitmap: ImageBitmap,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const { width, height } = bitmap
  // A picture of one pixel has no choice.
  if (width * height === 1) return null
  // Small tiles, since a canvas may not be as large as a picture may.
  const tileWidth = Math.min(width, TILE_WIDTH)
  const tileHeight = Math.min(height, TILE_HEIGHT)
  const context = contextOf(tileWidth, tileHeight)
  if (context === null) return null
  context.imageSmoothingEnabled = false
  // Replaces what the last tile left, where the picture is transparent.
  context.globalCompositeOperation = 'copy'

  let first: number | null = null
  let hex = ''
  let tiles = 0
  for (let y = 0; y < height; y += tileHeight) {
    for (let x = 0; x < width; x += tileWidth) {
      const w = Math.min(tileWidth, width - x)
      const h = Math.min(tileHeight, height - y)
      context.drawImage(bitmap, x, y, w, h, 0, 0, w, h)
      const { data } = context.getImageData(0, 0, w, h)
      const pixels = new Uint32Array(data.buffer)
      if (first === null) {
        first = pixels[0] ?? 0
        hex = hexOf(data)
      }
      for (const pixel of pixels) if (pixel !== first) return null
      if (++tiles % TILES_A_TURN === 0) {
        await new Promise((resolve) => setTimeout(resolve))
        signal?.throwIfAborted()
      }
    }
  }
  return hex
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D | null {
  try {
    return new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  } catch {
    return null
  }
}

function hexOf(data: Uint8ClampedArray): string {
  const bytes = Array.from(data.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0'))
  return `#${bytes.join('').replace(/ff$/, '')}`
}

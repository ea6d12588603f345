import { within } from '../lib/within.ts'
import { HEAD_BYTES, headerDimensions, isComplete, sniff, TAIL_BYTES } from './image-bytes.ts'
import type { Arrived, DecodedImage, Glance } from './verify.ts'

/** 1 GB of pixels in memory, about the limit of canvases and decoders. */
const MAX_PIXELS = 268_435_456
const TILE_WIDTH = 4096
const TILE_HEIGHT = 64
/** The largest image takes seconds on a slow device (milliseconds). */
const PATIENCE = 60_000
/** Tiles of a single colour before yielding to the page. */
const TILES_A_TURN = 32

/** Examines a downloaded file. Rejects only when `signal` aborts or the bytes cannot be read. */
export async function examine(blob: Blob, signal?: AbortSignal): Promise<Arrived> {
  const { head, ...seen } = await glanceAt(blob)
  signal?.throwIfAborted()
  const expected = seen.type === null ? null : headerDimensions(seen.type, head)
  const decoded: DecodedImage =
    expected !== null && expected.width * expected.height > MAX_PIXELS
      ? { unreadable: 'too-large' }
      : await decode(blob, signal)
  return { ...seen, decoded }
}

/** Cheap facts from the head and tail of a file. Rejects when the bytes cannot be read. */
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

async function decode(blob: Blob, signal: AbortSignal | undefined): Promise<DecodedImage> {
  let bitmap: ImageBitmap
  try {
    // Colours are only compared, so converting them to the screen's profile would be wasted.
    bitmap = await within(createImageBitmap(blob, { colorSpaceConversion: 'none' }), PATIENCE)
  } catch (error) {
    signal?.throwIfAborted()
    // HTML standard, 8.11.2: of all possible errors, only this one is caused by the image itself.
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

/** Single colour of all pixels, as #rrggbb or #rrggbbaa; null if several, or if unreadable. */
async function singleColour(
  bitmap: ImageBitmap,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const { width, height } = bitmap
  // A one-pixel image always has a single colour.
  if (width * height === 1) return null
  // Small tiles, since canvases have lower size limits than images.
  const tileWidth = Math.min(width, TILE_WIDTH)
  const tileHeight = Math.min(height, TILE_HEIGHT)
  const context = contextOf(tileWidth, tileHeight)
  if (context === null) return null
  context.imageSmoothingEnabled = false
  // Replaces the previous tile even where the image is transparent.
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

import type { Dimensions } from '../../core/api/task.ts'
import type { ImageType } from './image-type.ts'

/** Facts about an image file that need no decoding. */

export const HEAD_BYTES = 65_536 // an EXIF block, the longest thing usually before a JPEG's size
export const TAIL_BYTES = 4096

export interface Ends {
  readonly head: Uint8Array
  readonly tail: Uint8Array
  /** Size of the whole file. */
  readonly size: number
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

const at = (bytes: Uint8Array, offset: number, wanted: readonly number[]): boolean =>
  wanted.every((byte, index) => bytes[offset + index] === byte)

const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to))

/** Type by the first 32 bytes, whatever the name or the server says. */
export function sniff(head: Uint8Array): ImageType | null {
  // PNG 1.2, section 3.1: the signature.
  if (at(head, 0, PNG_SIGNATURE)) return 'png'
  // ISO 10918-1, B.2.1: SOI, then another marker. JFIF and EXIF begin so, too.
  if (at(head, 0, [0xff, 0xd8, 0xff])) return 'jpg'
  // WebP container: RIFF, the size, then WEBP.
  if (ascii(head, 0, 4) === 'RIFF' && ascii(head, 8, 12) === 'WEBP') return 'webp'
  if (/^GIF8[79]a$/.test(ascii(head, 0, 6))) return 'gif'
  // ISO 14496-12, 4.3: an ftyp box with a major brand, a version, and compatible brands.
  if (ascii(head, 4, 8) === 'ftyp' && /^(....)*?avi[fs]/s.test(brands(head))) return 'avif'
  // TIFF 6.0, section 2: byte order and 42; BigTIFF has 43.
  if (/^(II[*+]\0|MM\0[*+])$/.test(ascii(head, 0, 4))) return 'tiff'
  // Two letters alone are too weak: the header size must also be a known one.
  if (ascii(head, 0, 2) === 'BM' && at(head, 15, [0, 0, 0]) && BMP_HEADERS.has(head[14] ?? 0)) {
    return 'bmp'
  }
  return null
}

const BMP_HEADERS: ReadonlySet<number> = new Set([12, 16, 40, 52, 56, 64, 108, 124])

const brands = (head: Uint8Array): string =>
  ascii(head, 8, 12) + ascii(head, 16, Math.min(32, uint32(head, 0)))

/** Whether the file is complete. AVIF and TIFF have no end marker: only decoding shows it. */
export function isComplete(type: ImageType, { head, tail, size }: Ends): boolean {
  switch (type) {
    case 'png': // PNG 1.2, 4.1.4: IEND comes last, and is always the same 12 bytes.
      return endsWith(tail, [0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82])
    case 'jpg': // ISO 10918-1, B.2.1: EOI comes last.
      return endsWith(tail, [0xff, 0xd9])
    case 'webp': // The RIFF size leaves out its own 8 bytes; bytes after it are ignored.
      return head.length >= 12 && size >= uint32(head, 4, 'little') + 8
    case 'gif': // GIF89a, section 27: the trailer.
      return endsWith(tail, [0x3b])
    case 'bmp': // Some writers leave the size 0.
      return head.length >= 6 && size >= uint32(head, 2, 'little')
    case 'avif':
    case 'tiff':
      return true
  }
}

/** Ignores trailing zeros, which some writers append. */
function endsWith(tail: Uint8Array, mark: readonly number[]): boolean {
  const end = tail.findLastIndex((byte) => byte !== 0) + 1
  return end >= mark.length && at(tail, end - mark.length, mark)
}

function uint32(bytes: Uint8Array, offset: number, order: 'big' | 'little' = 'big'): number {
  if (bytes.length < offset + 4) return 0
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return view.getUint32(offset, order === 'little')
}

/** Dimensions in pixels from the header, before any rotation; null if not found. */
export function headerDimensions(type: ImageType, head: Uint8Array): Dimensions | null {
  const found = read(type, head)
  return found !== null && found.width > 0 && found.height > 0 ? found : null
}

function read(type: ImageType, head: Uint8Array): Dimensions | null {
  switch (type) {
    case 'png': // PNG 1.2, 4.1.1: IHDR is the first chunk.
      return { width: uint32(head, 16), height: uint32(head, 20) }
    case 'jpg':
      return startOfFrame(head)
    case 'webp':
      return webpDimensions(head)
    default:
      return null
  }
}

/** ISO 10918-1, B.2.2: the height and width stand in the first start-of-frame segment. */
function startOfFrame(head: Uint8Array): Dimensions | null {
  for (let offset = 2; offset + 9 <= head.length; ) {
    const marker = head[offset + 1] ?? 0
    if (head[offset] !== 0xff) return null
    if (marker === 0xff) {
      offset++ // fill bytes
      continue
    }
    // C4, C8 and CC are tables among the frames.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      const both = uint32(head, offset + 5)
      return { width: both & 0xffff, height: both >>> 16 }
    }
    offset += 2 + (uint32(head, offset) & 0xffff)
  }
  return null
}

/** RFC 9649, 2.5 to 2.7: three kinds of first chunk, each with its own way to write a size. */
function webpDimensions(head: Uint8Array): Dimensions | null {
  if (head.length < 30) return null
  const little = (offset: number) => uint32(head, offset, 'little')
  switch (ascii(head, 12, 16)) {
    case 'VP8X':
      return { width: (little(24) & 0xffffff) + 1, height: (little(26) >>> 8) + 1 }
    case 'VP8L':
      return { width: (little(21) & 0x3fff) + 1, height: ((little(21) >>> 14) & 0x3fff) + 1 }
    case 'VP8 ':
      return { width: little(26) & 0x3fff, height: (little(26) >>> 16) & 0x3fff }
    default:
      return null
  }
}

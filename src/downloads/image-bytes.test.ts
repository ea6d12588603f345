import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { headerDimensions, isComplete, sniff, TAIL_BYTES } from './image-bytes.ts'
import { type ImageType, imageType, isImageExtension } from './image-type.ts'

const WIDTH = 61
const HEIGHT = 37

/** Noise, so that an image has enough bytes to cut; the seed keeps it reproducible. */
function noise(channels: 3 | 4) {
  let seed = 1
  const data = Buffer.from(
    Array.from({ length: WIDTH * HEIGHT * channels }, () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed & 0xff
    }),
  )
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels } })
}

const PICTURES: readonly (readonly [name: string, type: ImageType, bytes: Uint8Array])[] = [
  ['PNG', 'png', await noise(3).png().toBuffer()],
  ['PNG with alpha, interlaced', 'png', await noise(4).png({ progressive: true }).toBuffer()],
  ['PNG with a palette', 'png', await noise(3).png({ palette: true }).toBuffer()],
  ['JPEG', 'jpg', await noise(3).jpeg().toBuffer()],
  ['progressive JPEG', 'jpg', await noise(3).jpeg({ progressive: true, quality: 30 }).toBuffer()],
  ['JPEG with EXIF', 'jpg', await noise(3).withMetadata({ orientation: 6 }).jpeg().toBuffer()],
  ['WebP', 'webp', await noise(3).webp().toBuffer()],
  ['WebP without loss', 'webp', await noise(3).webp({ lossless: true }).toBuffer()],
  ['WebP with alpha', 'webp', await noise(4).webp().toBuffer()],
  ['WebP with alpha, without loss', 'webp', await noise(4).webp({ lossless: true }).toBuffer()],
]
const GIF = await noise(3).gif().toBuffer()
const TIFF = await noise(3).tiff().toBuffer()
const AVIF = await noise(3).avif({ effort: 0 }).toBuffer()

const ends = (bytes: Uint8Array) => ({
  head: bytes.subarray(0, 32),
  tail: bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)),
  size: bytes.length,
})
const join = (...parts: readonly (Uint8Array | readonly number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => [...part]))
const text = (letters: string) => new TextEncoder().encode(letters)

describe.each(PICTURES)('%s', (_, type, bytes) => {
  it('is recognized by its first bytes, complete, and has the dimensions of its header', () => {
    expect(sniff(bytes.subarray(0, 32))).toBe(type)
    expect(isComplete(type, ends(bytes))).toBe(true)
    expect(headerDimensions(type, bytes)).toEqual({ width: WIDTH, height: HEIGHT })
  })

  it('is incomplete wherever it is cut', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: bytes.length }), (cut) => {
        expect(isComplete(type, ends(bytes.subarray(0, bytes.length - cut)))).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it('is incomplete without any of its last bytes', () => {
    for (let cut = 1; cut <= 40; cut++) {
      expect(isComplete(type, ends(bytes.subarray(0, bytes.length - cut)))).toBe(false)
    }
  })

  it('is complete with zeros after its end', () => {
    expect(isComplete(type, ends(join(bytes, [0, 0, 0])))).toBe(true)
  })

  it('returns no wrong dimensions for a partial header', () => {
    for (let length = 0; length < bytes.length; length++) {
      const found = headerDimensions(type, bytes.subarray(0, length))
      if (found !== null) expect(found).toEqual({ width: WIDTH, height: HEIGHT })
    }
  })
})

describe('sniff', () => {
  it.each([
    ['gif', GIF],
    ['tiff', TIFF],
    ['avif', AVIF],
    ['tiff', text('MM\0*....')],
    ['tiff', text('II+\0....')],
    ['gif', text('GIF87a')],
    ['avif', join([0, 0, 0, 24], text('ftypmif1'), [0, 0, 0, 0], text('miafavif'))],
    ['bmp', join(text('BM'), [58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0])],
    [null, join([0, 0, 0, 20], text('ftypheic'), [0, 0, 0, 0], text('mif1avif'))],
    [null, join([0, 0, 0, 24], text('ftypisom'), text('avifisommp42'))],
    [null, text('BMW is a brand of cars, not a bitmap')],
    [null, text('<!doctype html><title>Not found')],
    [null, text('{"status":"error"}')],
    [null, text('RIFF\x24\0\0\0WAVEfmt ')],
    [null, text('%PDF-1.7')],
    [null, text('MZ')],
    [null, new Uint8Array()],
    [null, new Uint8Array(32)],
    [null, Uint8Array.of(0x89, 0x50, 0x4e, 0x47)],
    [null, Uint8Array.of(0xff, 0xd8)],
  ])('%s', (type, bytes) => {
    expect(sniff(bytes.subarray(0, 32))).toBe(type)
  })
})

it('treats a GIF without its trailer as truncated', () => {
  expect(isComplete('gif', ends(GIF))).toBe(true)
  expect(isComplete('gif', ends(GIF.subarray(0, -1)))).toBe(false)
})

it('handles arbitrary bytes, and needs only 32 of them for the type', () => {
  const types = ['png', 'jpg', 'webp', 'gif', 'avif', 'bmp', 'tiff'] as const
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.uint8Array({ maxLength: 80 }),
      fc.constantFrom(new Uint8Array(), ...PICTURES.map(([, , bytes]) => bytes.subarray(0, 24))),
      (type, garbage, start) => {
        const bytes = join(start, garbage)
        expect(typeof isComplete(type, ends(bytes))).toBe('boolean')
        expect(sniff(bytes)).toBe(sniff(bytes.subarray(0, 32)))
        const found = headerDimensions(type, bytes)
        if (found !== null) expect(Math.min(found.width, found.height)).toBeGreaterThan(0)
      },
    ),
  )
})

describe('imageType', () => {
  it.each([
    ['image/jpeg', 'jpg'],
    ['IMAGE/JPG', 'jpg'],
    ['jpeg', 'jpg'],
    ['.JPG', 'jpg'],
    ['image/png; charset=binary', 'png'],
    [' webp ', 'webp'],
    ['image/tiff', 'tiff'],
    ['application/octet-stream', null],
    ['image/svg+xml', null],
    ['constructor', null],
    ['', null],
    [null, null],
  ])('%j: %s', (word, type) => {
    expect(imageType(word)).toBe(type)
  })

  it('knows more extensions than it can detect', () => {
    expect(['heic', 'SVG', 'jpeg', 'exe', ''].map(isImageExtension)).toEqual([
      ...[true, true, true, false, false],
    ])
  })
})

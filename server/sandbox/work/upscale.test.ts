import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { samplePath } from '../images.ts'
import { decode, joined, type Pixels, upscaleStrip } from './upscale.ts'

const decoded = async (picture: Sharp): Promise<Pixels> => decode(await picture.toBuffer())

const pixelsOf = (picture: Sharp) => picture.keepIccProfile().raw().toBuffer()

async function inStrips(source: Pixels, rows: number, scale: number): Promise<Sharp> {
  const strips: Pixels[] = []
  for (let from = 0; from < source.height; from += rows) {
    const to = Math.min(source.height, from + rows)
    strips.push(await upscaleStrip(source, from, to, scale))
  }
  return joined(strips)
}

const whole = ({ png, width, height }: Pixels, scale: number) =>
  sharp(png).resize(width * scale, height * scale, { kernel: 'lanczos3', fit: 'fill' })

const sample = (name: string, width: number, height: number) =>
  sharp(samplePath(name) ?? '').resize(width, height)

const largestDifference = (a: Buffer, b: Buffer) =>
  a.reduce((largest, value, n) => Math.max(largest, Math.abs(value - (b[n] ?? 999))), 0)

describe('an image upscaled strip by strip', () => {
  const sizes = [
    { scale: 4, rows: 10 },
    { scale: 3, rows: 7 },
    { scale: 1, rows: 33 },
    { scale: 8, rows: 1 },
    { scale: 2, rows: 60 },
  ]

  test.each(sizes)('is the same as in one piece: $rows rows, ×$scale', async ({ scale, rows }) => {
    const source = await decoded(sample('harbour.webp', 96, 60).png())
    const strips = await inStrips(source, rows, scale)
    const [a, b] = [await pixelsOf(strips), await pixelsOf(whole(source, scale))]
    expect(a.length).toBe(b.length)
    expect(largestDifference(a, b)).toBeLessThanOrEqual(1)
  })

  test('keeps its alpha', async () => {
    const half = {
      create: { width: 20, height: 12, channels: 4, background: '#c0802080' },
    } as const
    const source = await decoded(sharp(half).png())
    const pixels = await pixelsOf(await inStrips(source, 5, 2))
    expect(pixels).toHaveLength(40 * 24 * 4)
    expect(pixels.filter((_, n) => n % 4 === 3).every((alpha) => alpha === 128)).toBe(true)
  })

  test.each(['png', 'webp', 'jpeg'] as const)('may be grayscale: %s', async (format) => {
    const grey = sharp({ create: { width: 9, height: 9, channels: 3, background: '#777777' } })
    const source = await decoded(grey.toColourspace('b-w').toFormat(format))
    const pixels = await pixelsOf(sharp(source.png))
    expect(pixels).toHaveLength(9 * 9 * 3)
    expect(pixels[0]).toBe(0x77)
  })

  test('keeps its values and profile', async () => {
    const source = await decoded(sample('dunes.webp', 12, 8).withIccProfile('p3').png())
    const strips = await inStrips(source, 3, 1)
    expect(await pixelsOf(strips)).toEqual(await pixelsOf(sharp(source.png)))
    const { icc } = await sharp(await strips.png().toBuffer()).metadata()
    expect(icc).toEqual((await sharp(source.png).metadata()).icc)
    expect(icc?.length).toBeGreaterThan(100)
  })
})

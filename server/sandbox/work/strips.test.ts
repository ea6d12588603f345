import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { paint } from '../painter/paint.ts'
import { decode, type Pixels, stripBytes, upscaleStrip } from './strips.ts'

async function inStrips(source: Pixels, rows: number, scale: number): Promise<Buffer> {
  const strips: Buffer[] = []
  for (let from = 0; from < source.height; from += rows) {
    const to = Math.min(source.height, from + rows)
    const strip = await upscaleStrip(source, from, to, scale)
    expect(strip).toHaveLength(stripBytes(source, from, to, scale))
    strips.push(strip)
  }
  return Buffer.concat(strips)
}

const whole = ({ data, width, height, channels }: Pixels, scale: number) =>
  sharp(data, { raw: { width, height, channels } })
    .resize(width * scale, height * scale, { kernel: 'lanczos3', fit: 'fill' })
    .raw()
    .toBuffer()

const largestDifference = (a: Buffer, b: Buffer) =>
  a.reduce((largest, value, n) => Math.max(largest, Math.abs(value - (b[n] ?? 999))), 0)

describe('a picture upscaled strip by strip', () => {
  const sizes = [
    { scale: 4, rows: 10 },
    { scale: 3, rows: 7 },
    { scale: 1, rows: 33 },
    { scale: 8, rows: 1 },
  ]

  test.each(sizes)('is the same as in one piece: $rows rows, ×$scale', async ({ scale, rows }) => {
    const source = await decode(
      await paint('harbour', { width: 96, height: 60, seed: 3 }).png().toBuffer(),
    )
    const joined = await inStrips(source, rows, scale)
    expect(largestDifference(joined, await whole(source, scale))).toBeLessThanOrEqual(1)
  })

  test('keeps its alpha', async () => {
    const half = {
      create: { width: 20, height: 12, channels: 4, background: '#c0802080' },
    } as const
    const source = await decode(await sharp(half).png().toBuffer())
    const joined = await inStrips(source, 5, 2)
    expect(source.channels).toBe(4)
    expect(joined.filter((_, n) => n % 4 === 3).every((alpha) => alpha === 128)).toBe(true)
  })

  test('grey sources are understood', async () => {
    const grey = await sharp({
      create: { width: 9, height: 9, channels: 3, background: '#777777' },
    })
      .toColourspace('b-w')
      .png()
      .toBuffer()
    const source = await decode(grey)
    expect([3, 4]).toContain(source.channels)
    expect(source.data[0]).toBe(0x77)
  })
})

import { readFile, writeFile } from 'node:fs/promises'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { paint } from '../painter/paint.ts'
import { temporaryDir } from '../testing.ts'
import { decodeTo, openGrowing, type PixelFile, readPixelFile } from './pixel-file.ts'
import { upscaleStrip } from './strips.ts'

async function decode(picture: Sharp): Promise<PixelFile> {
  const dir = await temporaryDir()
  await writeFile(`${dir}/original`, await picture.toBuffer())
  await decodeTo(`${dir}/source.v`, `${dir}/original`)
  return readPixelFile(`${dir}/source.v`)
}

const pixelsOf = (path: string) => sharp(path).keepIccProfile().raw().toBuffer()

/** The pixels of the strips joined. */
async function inStrips(source: PixelFile, rows: number, scale: number): Promise<Buffer> {
  const growing = await openGrowing(`${source.path}.joined.v`, source, scale)
  for (let from = 0; from < source.height; from += rows) {
    const to = Math.min(source.height, from + rows)
    await growing.put(from * scale, await upscaleStrip(source, from, to, scale))
  }
  await growing.finish()
  await growing.close()
  return pixelsOf(growing.pixels.path)
}

const whole = ({ path, width, height }: PixelFile, scale: number) =>
  sharp(path)
    .keepIccProfile()
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
    const source = await decode(paint('harbour', { width: 96, height: 60, seed: 3 }).png())
    const joined = await inStrips(source, rows, scale)
    expect(largestDifference(joined, await whole(source, scale))).toBeLessThanOrEqual(1)
  })

  test('keeps its alpha', async () => {
    const half = {
      create: { width: 20, height: 12, channels: 4, background: '#c0802080' },
    } as const
    const source = await decode(sharp(half).png())
    const joined = await inStrips(source, 5, 2)
    expect(source.channels).toBe(4)
    expect(joined.filter((_, n) => n % 4 === 3).every((alpha) => alpha === 128)).toBe(true)
  })

  test.each(['png', 'webp', 'jpeg'] as const)('grey sources are understood: %s', async (format) => {
    const grey = sharp({ create: { width: 9, height: 9, channels: 3, background: '#777777' } })
    const source = await decode(grey.toColourspace('b-w').toFormat(format))
    expect(source.channels).toBe(3)
    expect((await pixelsOf(source.path))[0]).toBe(0x77)
  })

  test('the pieces of a file lie where its format wants them', async () => {
    const source = await decode(
      paint('dunes', { width: 12, height: 8, seed: 1 }).withIccProfile('p3').png(),
    )
    const joined = await inStrips(source, 3, 1)
    expect(joined.equals(await pixelsOf(source.path))).toBe(true)
    expect((await sharp(`${source.path}.joined.v`).metadata()).icc?.length).toBeGreaterThan(100)
    expect(await readFile(`${source.path}.joined.v`)).toEqual(await readFile(source.path))
  })
})

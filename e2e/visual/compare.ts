import { copyFile, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pixelmatch from 'pixelmatch'
import sharp from 'sharp'
import { fileOf, type Shot, shotsOf } from './draw.ts'

/** Images of one version: the folder contains `fileOf` each shot of each subject. */
export interface ImageSet {
  readonly folder: string
  readonly subjects: readonly string[]
}

/** A shot that differs, with the number of differing pixels. */
export interface Difference extends Shot {
  readonly pixels: number
  readonly share: number
}

export interface Comparison {
  readonly differences: readonly Difference[]
  /** Subjects that only the newer or only the older version has. */
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** Number of image pairs that were compared. */
  readonly compared: number
}

/** Folders of a report that contain the differing images. */
export const SIDES = ['was', 'is', 'difference'] as const

/**
 * Compares two sets pixel by pixel. For each shot that differs, the folder gets both images and
 * one that shows the differences. Most changed first.
 */
export async function compare(was: ImageSet, is: ImageSet, folder: string): Promise<Comparison> {
  await rm(folder, { recursive: true, force: true })
  for (const side of SIDES) await mkdir(join(folder, side), { recursive: true })
  const added = is.subjects.filter((subject) => !was.subjects.includes(subject))
  const removed = was.subjects.filter((subject) => !is.subjects.includes(subject))
  const shots = is.subjects.filter((subject) => !added.includes(subject)).flatMap(shotsOf)
  const differences: Difference[] = []
  for (const shot of shots) {
    const file = fileOf(shot)
    const sources = [join(was.folder, file), join(is.folder, file)] as const
    const difference = await differenceOf(...sources)
    if (difference === null) continue
    const { pixels, share, image } = difference
    differences.push({ ...shot, pixels, share })
    await copyFile(sources[0], join(folder, 'was', file))
    await copyFile(sources[1], join(folder, 'is', file))
    await image.toFile(join(folder, 'difference', file))
  }
  for (const [side, subjects, from] of [
    ['was', removed, was.folder],
    ['is', added, is.folder],
  ] as const) {
    for (const shot of subjects.flatMap(shotsOf)) {
      await copyFile(join(from, fileOf(shot)), join(folder, side, fileOf(shot)))
    }
  }
  differences.sort((a, b) => b.pixels - a.pixels)
  return { differences, added, removed, compared: shots.length }
}

async function differenceOf(was: string, is: string) {
  const [older, newer] = await Promise.all([readFile(was), readFile(is)])
  // Equal bytes are equal pixels.
  if (older.equals(newer)) return null
  const sizes = await Promise.all([sharp(older).metadata(), sharp(newer).metadata()])
  const width = Math.max(...sizes.map((size) => size.width))
  const height = Math.max(...sizes.map((size) => size.height))
  // Where one image is larger, the other is transparent, which differs from any colour.
  const pixelsOf = (image: Buffer, size: { readonly width: number; readonly height: number }) =>
    sharp(image)
      .ensureAlpha()
      .extend({ right: width - size.width, bottom: height - size.height, background: '#0000' })
      .raw()
      .toBuffer()
  const [a, b] = await Promise.all([pixelsOf(older, sizes[0]), pixelsOf(newer, sizes[1])])
  const diff = Buffer.alloc(a.length)
  const pixels = pixelmatch(a, b, diff, width, height, { threshold: 0, includeAA: true })
  if (pixels === 0) return null
  return {
    pixels,
    share: pixels / (width * height),
    image: sharp(diff, { raw: { width, height, channels: 4 } }).png(),
  }
}

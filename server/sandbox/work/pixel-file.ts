import { type FileHandle, open } from 'node:fs/promises'
import sharp, { type Sharp } from 'sharp'
import { MOST_PIXELS } from '../start/limits.ts'

/*
 * A picture as pixels on disk, in the format of libvips (`.v`): a head of 64 bytes, the pixels row
 * after row with 8 bits a channel, and a tail that holds the colour profile. libvips maps it into
 * memory, so no picture is ever held whole; and rows can be written to where they belong.
 */

export interface PixelFile {
  readonly path: string
  readonly width: number
  readonly height: number
  /** 4 where there is alpha. */
  readonly channels: 3 | 4
}

const HEAD_BYTES = 64
const WIDTH_AT = 4
const HEIGHT_AT = 8
const CHANNELS_AT = 12

// It goes by name: what was read under a name would be taken for what lies there later.
sharp.cache(false)

/** Where row `row` of a picture begins. */
const rowAt = ({ width, channels }: PixelFile, row: number): number =>
  HEAD_BYTES + row * width * channels

/**
 * Decodes a picture: upright, RGB with alpha or without. The profile of an RGB picture is kept, and
 * its numbers as they are; anything else is converted to sRGB. Rejects where it ends before its end.
 */
export async function decodeTo(path: string, original: string): Promise<void> {
  const picture = sharp(original, { limitInputPixels: MOST_PIXELS })
  const { space, icc } = await picture.metadata()
  const upright = picture.autoOrient()
  const kept = isRgb(space) && isRgbProfile(icc) ? upright.keepIccProfile() : upright
  await kept.toColourspace('srgb').toFile(path)
}

const isRgb = (space: string | undefined): boolean => space === 'srgb' || space === 'rgb16'

/** By the fields `data colour space` and `profile file signature` of ICC.1, 7.2. */
const isRgbProfile = (icc: Buffer | undefined): boolean =>
  icc?.toString('latin1', 16, 20) === 'RGB ' && icc.toString('latin1', 36, 40) === 'acsp'

/** What lies at `path`, as decodeTo left it there. */
export async function readPixelFile(path: string): Promise<PixelFile> {
  await using file = await open(path)
  const head = await readAt(file, 0, HEAD_BYTES)
  const channels = head.readInt32LE(CHANNELS_AT)
  if (channels !== 3 && channels !== 4) throw new Error(`${channels} channels`)
  return { path, width: head.readInt32LE(WIDTH_AT), height: head.readInt32LE(HEIGHT_AT), channels }
}

/** Its numbers are left as they are, and its profile goes with them. */
export const openPixels = ({ path }: PixelFile): Sharp =>
  sharp(path, { limitInputPixels: false, sequentialRead: false }).keepIccProfile()

/** A result that grows, strip by strip. */
export interface Growing {
  readonly pixels: PixelFile
  /** How many of its first rows are there, if they were ever written. */
  readonly rows: number
  /** Puts rows where they belong. */
  readonly put: (row: number, bytes: Uint8Array) => Promise<void>
  /** Makes a picture of it, when all of its rows are there. */
  readonly finish: () => Promise<void>
  readonly close: () => Promise<void>
}

/** What there is at `path` of a result: `source` at that scale, with its profile. */
export async function openGrowing(
  path: string,
  source: PixelFile,
  scale: number,
): Promise<Growing> {
  const { width, height, channels } = source
  const pixels: PixelFile = { path, width: width * scale, height: height * scale, channels }
  const file = await open(path, 'r+').catch(() => open(path, 'w+'))
  const write = (bytes: Uint8Array, at: number) => file.write(bytes, 0, bytes.byteLength, at)
  const { size } = await file.stat()
  return {
    pixels,
    rows: Math.max(0, Math.floor((size - HEAD_BYTES) / (pixels.width * channels))),
    async put(row, bytes) {
      await write(bytes, rowAt(pixels, row))
    },
    async finish() {
      await using original = await open(source.path)
      const head = await readAt(original, 0, HEAD_BYTES)
      head.writeInt32LE(pixels.width, WIDTH_AT)
      head.writeInt32LE(pixels.height, HEIGHT_AT)
      const tailAt = rowAt(source, height)
      const tail = await readAt(original, tailAt, (await original.stat()).size - tailAt)
      await write(head, 0)
      await write(tail, rowAt(pixels, pixels.height))
      await file.truncate(rowAt(pixels, pixels.height) + tail.byteLength)
    },
    close: () => file.close(),
  }
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at)
  if (bytesRead < length) throw new Error('the file is too short')
  return buffer
}

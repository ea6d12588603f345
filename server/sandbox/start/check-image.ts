import { open, stat } from 'node:fs/promises'
import sharp from 'sharp'
import { err, ok, type Result } from '../../../core/lib/result.ts'
import type { Format } from '../store/tasks.ts'
import type { CreateTaskInput } from './create-task-input.ts'
import { badImage, badRequest, type Refusal, wrongType } from './refusal.ts'

/**
 * Maximum pixels of a result, and so of an image, since none gets smaller. Decoded this is at most
 * 400 MB, which a browser can still show.
 */
export const MAX_PIXELS = 100_000_000

/** Limits of the formats, and of the libraries that write them. */
const MAX_SIDE = { jpg: 65_500, png: 1_000_000, webp: 16_383 } as const satisfies Record<
  Format,
  number
>

/** A decoder that takes longer is probably under attack. */
const DECODE_SECONDS = 30

interface Size {
  readonly width: number
  readonly height: number
}

export interface Checked extends Size {
  readonly type: Format
}

/** Like `inspectImage`, and that the image decodes to its last row. */
export async function checkImage(
  path: string,
  name: string,
  input: Wanted,
): Promise<Result<Checked, Refusal>> {
  const inspected = await inspectImage(path, name, input)
  if (!inspected.ok || (await decodes(path))) return inspected
  return err(broken(name))
}

type Wanted = Pick<CreateTaskInput, 'scale' | 'saveImageAs'>

const broken = (name: string): Refusal =>
  badImage(`“${name}” can't be decoded: it is damaged or cut off.`)

/**
 * Checks that the image at `path` fits the settings, as far as its header shows: its type by its
 * first bytes, and its size. The returned size is upright.
 */
export async function inspectImage(
  path: string,
  name: string,
  { scale, saveImageAs }: Wanted,
): Promise<Result<Checked, Refusal>> {
  if ((await stat(path)).size === 0) return err(badImage(`“${name}” is empty.`))
  const type = await imageType(path)
  if (type === null) {
    return err(wrongType(`“${name}” isn't a JPEG, PNG or WebP image.`))
  }
  const meta = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => null)
  if (meta === null) return err(broken(name))
  if ((meta.pages ?? 1) > 1) {
    return err(badImage(`“${name}” is animated. Only still images are supported.`))
  }
  const fault = sizeFault(meta.autoOrient, name, scale, saveImageAs)
  return fault === null ? ok({ ...meta.autoOrient, type }) : err(fault)
}

/** Rejects other types that sharp could read, such as SVG. */
async function imageType(path: string): Promise<Format | null> {
  await using file = await open(path)
  const { buffer } = await file.read(Buffer.alloc(12), 0, 12)
  const head = buffer.toString('latin1')
  if (head.startsWith('\xff\xd8\xff')) return 'jpg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  return head.startsWith('RIFF') && head.endsWith('WEBP') ? 'webp' : null
}

function sizeFault(
  { width, height }: Size,
  name: string,
  scale: number,
  format: Format,
): Refusal | null {
  const longestSide = MAX_SIDE[format] / Math.max(width, height)
  const largest = Math.floor(Math.min(longestSide, Math.sqrt(MAX_PIXELS / (width * height))))
  if (scale <= largest) return null
  const limits = `The sandbox makes ${format} files of at most ${MAX_PIXELS / 1e6} megapixels`
  if (largest === 0) {
    return badImage(`“${name}” is too large, with ${width} × ${height} pixels. ${limits}.`)
  }
  return badRequest(
    `“${name}” would be ${width * scale} × ${height * scale} pixels at scale ${scale}. ${limits}. The largest scale that fits is ${largest}.`,
  )
}

/** Decoding the last row needs all rows before it, but keeps only a few of them in memory. */
async function decodes(path: string): Promise<boolean> {
  const { width, height } = await sharp(path).metadata()
  const last = { left: 0, top: height - 1, width, height: 1 }
  return sharp(path, { limitInputPixels: MAX_PIXELS })
    .timeout({ seconds: DECODE_SECONDS })
    .extract(last)
    .raw()
    .toBuffer()
    .then(
      () => true,
      () => false,
    )
}

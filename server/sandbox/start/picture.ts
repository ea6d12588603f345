import { open } from 'node:fs/promises'
import sharp from 'sharp'
import { err, ok, type Result } from '../../../src/lib/result.ts'
import { largestScale, MOST_PIXELS, type Size } from './limits.ts'
import type { Order } from './order.ts'
import { badPicture, badRequest, type Refusal, wrongType } from './refusal.ts'
import { type PictureType, pictureType, soundEnd } from './signature.ts'

export interface Checked extends Size {
  readonly type: PictureType
}

/** A decoder that takes longer than this is being played with. */
const DECODE_SECONDS = 30

/**
 * Whether the picture at `path` can be made into what is ordered: what it is by its first bytes, that
 * nothing hides behind it, its size, and then that it decodes to its last row. Its size here is upright.
 */
export async function checkPicture(
  path: string,
  name: string,
  { scale, saveImageAs }: Pick<Order, 'scale' | 'saveImageAs'>,
): Promise<Result<Checked, Refusal>> {
  await using file = await open(path)
  const { size } = await file.stat()
  if (size === 0) return err(badPicture(`“${name}” is empty: it has no bytes.`))
  const type = await pictureType(file)
  if (type === null) {
    return err(wrongType(`“${name}” is no JPEG, PNG or WebP, going by its first bytes.`))
  }
  if (!(await soundEnd(file, size, type))) {
    return err(badPicture(`“${name}” is cut off, or holds something else behind the picture.`))
  }
  const meta = await sharp(path, { limitInputPixels: false })
    .metadata()
    .catch(() => null)
  if (meta === null) return err(broken(name))
  if ((meta.pages ?? 1) > 1) {
    return err(badPicture(`“${name}” is an animation, of which only one picture would be left.`))
  }
  const fault = sizeFault(meta.autoOrient, name, scale, saveImageAs)
  if (fault !== null) return err(fault)
  return (await decodes(path, meta)) ? ok({ ...meta.autoOrient, type }) : err(broken(name))
}

const broken = (name: string): Refusal =>
  badPicture(`“${name}” cannot be decoded: it is damaged, or ends before its last row.`)

function sizeFault(
  size: Size,
  name: string,
  scale: number,
  format: Order['saveImageAs'],
): Refusal | null {
  const largest = largestScale(size, format)
  if (largest !== null && scale <= largest) return null
  const { width, height } = size
  const limits = `The sandbox makes ${format} files of at most ${MOST_PIXELS / 1e6} megapixels`
  if (largest === null) {
    return badPicture(`“${name}” is too large, with ${width} × ${height} pixels. ${limits}.`)
  }
  return badRequest(
    `“${name}” would be ${width * scale} × ${height * scale} pixels at scale ${scale}. ${limits}; the largest scale that fits is ${largest}.`,
  )
}

let turn: Promise<unknown> = Promise.resolve()

/**
 * Its last row needs all that comes before it, and only a few rows at a time are held for that. One
 * after the other, since interlaced ones are held whole.
 */
function decodes(path: string, { width, height }: Size): Promise<boolean> {
  const decode = () =>
    sharp(path, { limitInputPixels: MOST_PIXELS })
      .timeout({ seconds: DECODE_SECONDS })
      .extract({ left: 0, top: height - 1, width, height: 1 })
      .raw()
      .toBuffer()
  const decoded = turn.then(decode).then(
    () => true,
    () => false,
  )
  turn = decoded
  return decoded
}

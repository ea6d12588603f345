import sharp, { type OutputInfo, type Sharp } from 'sharp'
import { MAX_PIXELS } from '../start/check-image.ts'
import type { Format } from '../store/tasks.ts'

// Nothing is read twice, so libvips' cache would only waste memory.
sharp.cache(false)

/** Extra source rows on either side of a strip: libvips' kernels need at most three. */
const OVERLAP = 4

/** Pixels in memory, as an uncompressed PNG: as fast as raw, and keeps the colour profile. */
export interface Pixels {
  readonly png: Buffer
  readonly width: number
  readonly height: number
}

async function pixels(image: Sharp): Promise<Pixels> {
  const { data, info } = await image
    .png({ compressionLevel: 0 })
    .toBuffer({ resolveWithObject: true })
  return { png: data, width: info.width, height: info.height }
}

/**
 * Decodes an image: upright, RGB with or without alpha. An RGB image keeps its profile and values;
 * anything else is converted to sRGB. Rejects if the image is cut off.
 */
export async function decode(original: string | Buffer): Promise<Pixels> {
  const image = sharp(original, { limitInputPixels: MAX_PIXELS })
  const { space, icc } = await image.metadata()
  const upright = image.autoOrient().toColourspace('srgb')
  return pixels(isRgb(space) && isRgbProfile(icc) ? upright.keepIccProfile() : upright)
}

const isRgb = (space: string | undefined): boolean => space === 'srgb' || space === 'rgb16'

/** By the fields `data colour space` and `profile file signature` of ICC.1, 7.2. */
const isRgbProfile = (icc: Buffer | undefined): boolean =>
  icc?.toString('latin1', 16, 20) === 'RGB ' && icc.toString('latin1', 36, 40) === 'acsp'

/**
 * Upscales the source rows `from` up to `to`. The kernel also sees the rows around them, which are
 * cropped afterwards, so that the joined strips equal the image resized as a whole.
 */
export function upscaleStrip(
  { png, width, height }: Pixels,
  from: number,
  to: number,
  scale: number,
): Promise<Pixels> {
  const top = Math.max(0, from - OVERLAP)
  const bottom = Math.min(height, to + OVERLAP)
  const strip = sharp(png)
    .keepIccProfile()
    .extract({ left: 0, top, width, height: bottom - top })
    // libvips uses Lanczos for reduction, but its bicubic interpolator for enlargement.
    .resize(width * scale, (bottom - top) * scale, { kernel: 'lanczos3', fit: 'fill' })
    .extract({
      left: 0,
      top: (from - top) * scale,
      width: width * scale,
      height: (to - from) * scale,
    })
  return pixels(strip)
}

/** Joins the strips vertically. */
export function joined(strips: readonly Pixels[]): Sharp {
  const [first, ...more] = strips
  const width = first?.width ?? 0
  const height = strips.reduce((sum, strip) => sum + strip.height, 0)
  // sharp can't join a single image, and pads all of them to the largest height.
  const joint = sharp(more.length === 0 ? first?.png : strips.map(({ png }) => png))
  return joint.keepIccProfile().extract({ left: 0, top: 0, width, height })
}

/** Writes the image to `path`. `compression` 0 is the best quality. PNG is lossless and ignores it. */
export function encode(
  image: Sharp,
  path: string,
  format: Format,
  compression: number,
): Promise<OutputInfo> {
  const quality = Math.max(1, 100 - compression)
  switch (format) {
    case 'png': // level 6 takes ten times as long for a grainy photo
      return image.png({ compressionLevel: 3 }).toFile(path)
    case 'webp':
      return image.webp({ quality, effort: 2 }).toFile(path)
    case 'jpg': // no alpha; optimizeCoding would need the whole image in memory
      return image
        .flatten({ background: '#fff' })
        .jpeg({ quality, optimizeCoding: false })
        .toFile(path)
  }
}

/** The thumbnail of an image file, always in sRGB. */
export const thumbnailOf = (path: string): Sharp =>
  sharp(path)
    .resize({ width: 640, height: 640, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 82 })

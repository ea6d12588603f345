import sharp from 'sharp'

/** Decoded pixels, row after row, 8 bits a channel; `channels` is 4 where there is alpha. */
export interface Pixels {
  readonly data: Buffer
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
}

/** Source rows beyond a strip's own on either side: no kernel of libvips reaches farther than three. */
const OVERLAP = 4

export async function decode(bytes: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(bytes)
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  if (channels === 3 || channels === 4) return { data, width, height, channels }
  // Grey, with or without alpha: brought to the channels that the rest works with.
  return decode(await sharp(bytes).toColourspace('srgb').ensureAlpha().png().toBuffer())
}

/** How many bytes the upscaled rows `from` up to `to` of a source take. */
export const stripBytes = (source: Pixels, from: number, to: number, scale: number): number =>
  source.width * scale * (to - from) * scale * source.channels

/**
 * The source rows `from` up to `to`, upscaled. The kernel also sees the rows around them and what it
 * makes of those is cropped, so that strips joined are the picture resized as a whole.
 */
export async function upscaleStrip(
  source: Pixels,
  from: number,
  to: number,
  scale: number,
): Promise<Buffer> {
  const { width, height, channels } = source
  const top = Math.max(0, from - OVERLAP)
  const bottom = Math.min(height, to + OVERLAP)
  const rows = source.data.subarray(top * width * channels, bottom * width * channels)
  return (
    sharp(rows, { raw: { width, height: bottom - top, channels } })
      // libvips reduces by Lanczos, but enlarges by its bicubic interpolator under this name, too.
      .resize(width * scale, (bottom - top) * scale, { kernel: 'lanczos3', fit: 'fill' })
      .extract({
        left: 0,
        top: (from - top) * scale,
        width: width * scale,
        height: (to - from) * scale,
      })
      .raw()
      .toBuffer()
  )
}

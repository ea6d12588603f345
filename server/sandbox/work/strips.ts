import { openPixels, type PixelFile } from './pixel-file.ts'

/** Source rows beyond a strip's own on either side: no kernel of libvips reaches farther than three. */
const OVERLAP = 4

/**
 * The source rows `from` up to `to`, upscaled. The kernel also sees the rows around them and what it
 * makes of those is cropped, so that strips joined are the picture resized as a whole.
 */
export async function upscaleStrip(
  source: PixelFile,
  from: number,
  to: number,
  scale: number,
): Promise<Buffer> {
  const { width, height } = source
  const top = Math.max(0, from - OVERLAP)
  const bottom = Math.min(height, to + OVERLAP)
  return (
    openPixels(source)
      .extract({ left: 0, top, width, height: bottom - top })
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

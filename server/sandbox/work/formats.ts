import sharp from 'sharp'
import type { Format } from '../store/tasks.ts'
import { openPixels, type PixelFile } from './pixel-file.ts'

export const MIME_TYPES = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
} as const satisfies Record<Format, string>

const THUMBNAIL = { width: 640, height: 640 }

/** Writes it to `path`. `compression` 0 keeps the most. PNG loses nothing, so there it has no say. */
export async function encode(
  pixels: PixelFile,
  path: string,
  format: Format,
  compression: number,
): Promise<void> {
  const quality = Math.max(1, 100 - compression)
  const picture = openPixels(pixels)
  switch (format) {
    case 'png':
      await picture.png({ compressionLevel: 3 }).toFile(path) // 6: ten times as long for a grainy photo
      break
    case 'webp':
      await picture.webp({ quality, effort: 2 }).toFile(path)
      break
    case 'jpg': // has no alpha; and its codes could only be optimised with all of it in memory
      await picture
        .flatten({ background: '#fff' })
        .jpeg({ quality, optimizeCoding: false })
        .toFile(path)
      break
  }
}

/** Its colours are those of sRGB, whatever the picture's are. */
export const thumbnail = ({ path }: PixelFile): Promise<Buffer> =>
  sharp(path, { limitInputPixels: false, sequentialRead: false })
    .resize({ ...THUMBNAIL, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 82 })
    .toBuffer()

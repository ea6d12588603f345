import sharp, { type Sharp } from 'sharp'
import type { Format } from '../store/tasks.ts'
import type { Pixels } from './strips.ts'

export const MIME_TYPES = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
} as const satisfies Record<Format, string>

const THUMBNAIL = { width: 640, height: 640 }

const open = ({ data, width, height, channels }: Pixels): Sharp =>
  sharp(data, { raw: { width, height, channels } })

/** `compression` 0 keeps the most. PNG loses nothing, so there it has no say. */
export async function encode(pixels: Pixels, format: Format, compression: number): Promise<Buffer> {
  const quality = Math.max(1, 100 - compression)
  switch (format) {
    case 'png':
      return open(pixels).png({ compressionLevel: 6 }).toBuffer()
    case 'webp':
      return open(pixels).webp({ quality, effort: 2 }).toBuffer()
    case 'jpg': // has no alpha
      return open(pixels).flatten({ background: '#fff' }).jpeg({ quality }).toBuffer()
  }
}

export const thumbnail = (pixels: Pixels): Promise<Buffer> =>
  open(pixels)
    .resize({ ...THUMBNAIL, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 82 })
    .toBuffer()

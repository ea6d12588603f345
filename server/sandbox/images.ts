import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import sharp, { type Sharp } from 'sharp'
import { PICTURES, type Picture } from '../../core/api/samples.ts'
import type { Format, StoredFile } from './store/tasks.ts'

const WIDTH = 960
const HEIGHT = 600
/** Share of an image that a demo shows: the rest leaves room for different crops. */
const SHARE = 0.85
/** Longest side of a thumbnail, as the dashboard draws its own. */
const THUMB_SIDE = 160

/** The sandbox's bundled images: WebP, 960 × 600. vite.server.config.ts copies them. */
const imagePath = (image: Picture): string =>
  fileURLToPath(new URL(`images/${image}.webp`, import.meta.url))

/** The path of the sample with that file name; null if there is none. */
export function samplePath(name: string): string | null {
  const image = PICTURES.find((known) => name === `${known}.webp`)
  return image === undefined ? null : imagePath(image)
}

/** The original of a demo task, in the format of its file name. */
export async function demoOriginal(image: Picture, file: StoredFile): Promise<Buffer> {
  const bytes = await encodeAs(file.originalName, cropOf(image, file, file)).toBuffer()
  return file.damaged === 1 ? bytes.subarray(0, Math.floor(bytes.length * 0.4)) : bytes
}

/** The same image as a small data URL. */
export async function demoThumb(image: Picture, file: StoredFile): Promise<string> {
  const scale = THUMB_SIDE / Math.max(file.width, file.height)
  const size = { width: Math.round(file.width * scale), height: Math.round(file.height * scale) }
  const bytes = await cropOf(image, file, size).webp({ quality: 70 }).toBuffer()
  return `data:image/webp;base64,${bytes.toString('base64')}`
}

interface Size {
  readonly width: number
  readonly height: number
}

/** The part of a bundled image that the file's seed selects, drawn in that size. */
function cropOf(image: Picture, { seed, width, height }: StoredFile, size: Size): Sharp {
  const scale = SHARE * Math.min(WIDTH / width, HEIGHT / height)
  const shown = { width: Math.round(width * scale), height: Math.round(height * scale) }
  const [x = 0, y = 0, flop = 0] = createHash('sha256').update(String(seed)).digest()
  return sharp(imagePath(image))
    .extract({
      left: Math.round((x / 255) * (WIDTH - shown.width)),
      top: Math.round((y / 255) * (HEIGHT - shown.height)),
      ...shown,
    })
    .flop(flop % 2 === 1)
    .resize(size.width, size.height, { fit: 'fill' })
}

/** The format that a file name stands for. */
export function formatOf(name: string): Format {
  if (/\.jpe?g$/i.test(name)) return 'jpg'
  return /\.webp$/i.test(name) ? 'webp' : 'png'
}

function encodeAs(name: string, image: Sharp): Sharp {
  const format = formatOf(name)
  return format === 'png'
    ? image.png()
    : image.toFormat(format === 'jpg' ? 'jpeg' : format, { quality: 92 })
}

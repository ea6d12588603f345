import type { Picture } from '../../../src/upscayl/samples.ts'
import type { StoredFile } from '../store/tasks.ts'
import { paint } from './paint.ts'

/** What a demo task was made from, in the format its name promises. */
export async function paintOriginal(subject: Picture, file: StoredFile): Promise<Buffer> {
  const picture = paint(subject, file)
  const bytes = await encodeAs(file.originalName, picture)
  return file.damaged === 1 ? bytes.subarray(0, Math.floor(bytes.length * 0.4)) : bytes
}

function encodeAs(name: string, picture: ReturnType<typeof paint>): Promise<Buffer> {
  if (/\.jpe?g$/i.test(name)) return picture.jpeg({ quality: 92 }).toBuffer()
  if (/\.webp$/i.test(name)) return picture.webp({ quality: 92 }).toBuffer()
  return picture.png().toBuffer()
}

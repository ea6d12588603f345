import { decodeBitmap } from '../../lib/browser/bitmap.ts'
import { drawThumb } from '../../tasks/draw-thumb.ts'
import type { Preview } from '../../uploads/upload.ts'

/** Decodes an image for its dimensions and a thumbnail; null if the browser can't. Never rejects. */
export async function createPreview(file: Blob): Promise<Preview | null> {
  const bitmap = await decodeBitmap(file)
  if (bitmap === null) return null
  const { width, height } = bitmap
  const thumbnail = drawThumb(bitmap, width, height)
  bitmap.close()
  return { width, height, thumbnail }
}

import { isThumb } from './task-source.ts'

/** Longest side in pixels: sharp in the table, and fair among the large images of the list. */
const SIDE = 160
const QUALITY = 0.7

/**
 * A thumbnail of a loaded image as a data URL; null if it cannot be read, as when its host allows only to show
 * it. Safari writes no WebP. What is too large to be kept is drawn smaller.
 */
export function drawThumb(
  image: CanvasImageSource,
  width: number,
  height: number,
  side = SIDE,
): string | null {
  const scale = Math.min(1, side / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  try {
    const context = canvas.getContext('2d')
    if (context === null) return null
    // A photo shrunk by the default keeps every twentieth pixel or so.
    context.imageSmoothingQuality = 'high'
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    const webp = canvas.toDataURL('image/webp', QUALITY)
    const thumb = webp.startsWith('data:image/webp')
      ? webp
      : canvas.toDataURL('image/jpeg', QUALITY)
    return isThumb(thumb) ? thumb : side > 32 ? drawThumb(image, width, height, side / 2) : null
  } catch {
    return null
  }
}

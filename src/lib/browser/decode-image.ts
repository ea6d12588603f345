import { SECOND } from '../../../core/lib/units.ts'
import { within } from '../within.ts'

/** From the network; a file on disk, which may be the largest image, takes seconds to decode. */
const [URL_PATIENCE, FILE_PATIENCE] = [5 * SECOND, 30 * SECOND]

/** The decoded image of a URL, readable by this page; null if its host does not allow that, or takes too long. */
export async function loadImage(url: string): Promise<HTMLImageElement | null> {
  try {
    const image = new Image()
    image.crossOrigin = 'anonymous'
    image.referrerPolicy = 'no-referrer'
    image.src = url
    await within(image.decode(), URL_PATIENCE)
    return image
  } catch {
    return null
  }
}

/** Decodes an image, turned as it is displayed; null if that fails. Close it after use. Never rejects. */
export async function decodeBitmap(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await within(createImageBitmap(file), FILE_PATIENCE)
  } catch {
    return null
  }
}

import { SECOND } from '../../../core/lib/units.ts'
import { within } from '../within.ts'

const PATIENCE = 5 * SECOND

/** The decoded image of a URL, readable by this page; null if its host does not allow that, or takes too long. */
export async function loadImage(url: string): Promise<HTMLImageElement | null> {
  try {
    const image = new Image()
    image.crossOrigin = 'anonymous'
    image.referrerPolicy = 'no-referrer'
    image.src = url
    await within(image.decode(), PATIENCE)
    return image
  } catch {
    return null
  }
}

import { within } from '../within.ts'

/** The largest image takes seconds on a slow device (milliseconds). */
const PATIENCE = 30_000

/** Decodes an image, turned as it is displayed; null if that fails. Close it after use. Never rejects. */
export async function decodeBitmap(file: Blob): Promise<ImageBitmap | null> {
  try {
    return await within(createImageBitmap(file), PATIENCE)
  } catch {
    return null
  }
}

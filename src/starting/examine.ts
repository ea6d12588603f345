import { sniff } from '../files/image-bytes.ts'
import { type ImageType, imageType, isImageExtension } from '../files/image-type.ts'
import { MIB, MOST_FILE_BYTES } from '../upscayl/start-limits.ts'
import { isWebLink } from '../upscayl/wire.ts'

/*
 * What can be said to be wrong with an image before anything is sent: null for nothing, or a sentence
 * for a person that names what is accepted.
 */

const SNIFFED_BYTES = 32

const ACCEPTED: ReadonlySet<ImageType> = new Set<ImageType>(['jpg', 'png', 'webp'])
const CHOOSE = 'Choose a JPG, PNG or WebP image.'
/** For a file dialog. */
export const ACCEPT = 'image/jpeg,image/png,image/webp'

/** Never rejects. */
export async function examineFile(file: File): Promise<string | null> {
  const { size } = file
  if (size > MOST_FILE_BYTES) {
    // Rounded up, so that no size above the limit reads as the limit.
    const mib = Math.ceil((size / MIB) * 10) / 10
    return `This file is too large: ${mib} MiB. Choose an image of at most 100 MiB.`
  }
  // Folders say that they are empty, too; reading tells them apart.
  const head = await headOf(file)
  if (head === null) {
    return 'This file cannot be read. It may be a folder, or have been moved or changed: choose it again.'
  }
  if (size === 0) return `This file is empty. ${CHOOSE}`
  return wrongType(sniff(head), file.name)
}

async function headOf(file: File): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await file.slice(0, SNIFFED_BYTES).arrayBuffer())
  } catch {
    return null
  }
}

function wrongType(type: ImageType | null, name: string): string | null {
  if (type !== null) {
    return ACCEPTED.has(type) ? null : `${type.toUpperCase()} images are not accepted. ${CHOOSE}`
  }
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? ''
  if (!isImageExtension(extension)) return `This file is not an image. ${CHOOSE}`
  const named = imageType(extension)
  return named !== null && ACCEPTED.has(named)
    ? `This file is named .${extension}, but its bytes are of another kind. ${CHOOSE}`
    : `${extension.toUpperCase()} images are not accepted. ${CHOOSE}`
}

export function examineAddress(text: string): string | null {
  if (isWebLink(text)) return null
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === 'http' || scheme === 'https') {
    return 'This web address is not complete. It must look like https://example.com/image.jpg.'
  }
  return 'This is not a web address of an image. It must begin with http:// or https://.'
}

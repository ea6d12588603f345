import { isWebLink } from '../../core/api/file-links.ts'
import type { Dimensions } from '../../core/api/task.ts'
import { MAX_FILE_BYTES, MIB } from '../../core/api/upload-limits.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { HEAD_BYTES, headerDimensions, sniff } from '../downloads/image-bytes.ts'
import { type ImageType, imageType, isImageExtension } from '../downloads/image-type.ts'

/* Checks before an image is sent. An error is a sentence for the user that says what is accepted. */

const ACCEPTED: ReadonlySet<ImageType> = new Set<ImageType>(['jpg', 'png', 'webp'])
const CHOOSE = 'Use a JPG, PNG or WebP image.'
/** `accept` value of file dialogs. */
export const ACCEPT = 'image/jpeg,image/png,image/webp'

/** By type and name, without reading it: whether a file is meant to be an image. */
export const looksLikeImage = ({ type, name }: File): boolean =>
  type.startsWith('image/') || isImageExtension(name.split('.').at(-1) ?? '')

/** Dimensions by the header of the file; null if it has none that is understood. Never rejects. */
export async function examineFile(file: File): Promise<Result<Dimensions | null, string>> {
  const { size } = file
  if (size > MAX_FILE_BYTES) {
    // Rounded up, so that no size above the limit is displayed as the limit.
    const mib = Math.ceil((size / MIB) * 10) / 10
    return err(`Too large: ${mib} MiB. The limit is 100 MiB.`)
  }
  // Folders also report size 0; only reading tells them apart.
  const head = await headOf(file)
  if (head === null) {
    return err(
      'This file can’t be read. It may be a folder, or was moved or changed. Add it again.',
    )
  }
  if (size === 0) return err(`This file is empty. ${CHOOSE}`)
  const type = sniff(head)
  return type !== null && ACCEPTED.has(type)
    ? ok(headerDimensions(type, head))
    : err(wrongType(type, file.name))
}

async function headOf(file: File): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
  } catch {
    return null
  }
}

function wrongType(type: ImageType | null, name: string): string {
  if (type !== null) return unsupported(type)
  const extension = /\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? ''
  if (!isImageExtension(extension)) return `This file isn’t an image. ${CHOOSE}`
  const named = imageType(extension)
  return named !== null && ACCEPTED.has(named)
    ? `This isn’t really a ${named.toUpperCase()}. ${CHOOSE}`
    : unsupported(extension)
}

const unsupported = (type: string) => `${type.toUpperCase()} isn’t supported. ${CHOOSE}`

/** Error of a URL as a sentence; null if it is valid. */
export function examineUrl(text: string): string | null {
  if (isWebLink(text)) return null
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  return scheme === 'http' || scheme === 'https'
    ? 'This URL is incomplete. Example: https://example.com/image.jpg'
    : 'Not a URL. It must start with http:// or https://.'
}

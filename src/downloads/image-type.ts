/** Known image types; each is also its file extension. */
export type ImageType = 'png' | 'jpg' | 'webp' | 'gif' | 'avif' | 'bmp' | 'tiff'

const WORDS: Readonly<Record<ImageType, readonly string[]>> = {
  png: ['png', 'x-png', 'apng'],
  jpg: ['jpg', 'jpeg', 'jpe', 'jfif', 'pjpeg'],
  webp: ['webp'],
  gif: ['gif'],
  avif: ['avif'],
  bmp: ['bmp', 'x-bmp', 'x-ms-bmp', 'dib'],
  tiff: ['tiff', 'tif'],
}

const TYPE_OF_WORD: ReadonlyMap<string, ImageType> = new Map(
  (Object.keys(WORDS) as ImageType[]).flatMap((type) =>
    WORDS[type].map((word) => [word, type] as const),
  ),
)

/** Parses a MIME type, a format or an extension, in any case; null for anything else. */
export function imageType(word: string | null): ImageType | null {
  const bare = word?.toLowerCase().split(';')[0]?.trim() ?? ''
  return TYPE_OF_WORD.get(bare.replace(/^(image\/|\.)/, '')) ?? null
}

const OTHER_EXTENSIONS = ['heic', 'heif', 'jxl', 'jp2', 'svg', 'ico']

/** Whether `extension` (without its dot) is known as an image extension. */
export const isImageExtension = (extension: string): boolean =>
  imageType(extension) !== null || OTHER_EXTENSIONS.includes(extension.toLowerCase())

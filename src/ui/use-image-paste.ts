import { useEffect } from 'react'

/** Accepts images pasted anywhere on the page. In text fields, and with text, a paste is text. */
export function useImagePaste(onFiles: (files: readonly File[]) => unknown): void {
  useEffect(() => {
    const paste = ({ clipboardData, target }: ClipboardEvent) => {
      if (takesText(target) || isRichText(clipboardData)) return
      const files = [...(clipboardData?.files ?? [])]
      if (files.length > 0) onFiles(files.map(withoutPasteTime))
    }
    addEventListener('paste', paste)
    return () => removeEventListener('paste', paste)
  }, [onFiles])
}

/**
 * A copied picture is not a file: browsers call it image.png, and its date is that of the paste. Without
 * a date the same picture is recognized when it is pasted again.
 */
const withoutPasteTime = (file: File): File =>
  file.name === 'image.png'
    ? new File([file], file.name, { type: file.type, lastModified: 0 })
    : file

const takesText = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]')

/** Copied cells and web pages include an image of themselves. A file may include its name. */
const isRichText = (data: DataTransfer | null) =>
  data !== null && ['text/plain', 'text/html'].every((type) => data.types.includes(type))

import { useEffect } from 'react'

/** Accepts images pasted anywhere on the page. In text fields, and with text, a paste is text. */
export function useImagePaste(onFiles: (files: readonly File[]) => unknown): void {
  useEffect(() => {
    const paste = ({ clipboardData, target }: ClipboardEvent) => {
      if (takesText(target) || isRichText(clipboardData)) return
      const files = [...(clipboardData?.files ?? [])]
      if (files.length > 0) onFiles(files)
    }
    addEventListener('paste', paste)
    return () => removeEventListener('paste', paste)
  }, [onFiles])
}

const takesText = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]')

/** Copied cells and web pages include an image of themselves. A file may include its name. */
const isRichText = (data: DataTransfer | null) =>
  data !== null && ['text/plain', 'text/html'].every((type) => data.types.includes(type))

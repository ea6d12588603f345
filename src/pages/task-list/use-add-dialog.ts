import { useCallback, useEffect, useState } from 'react'
import { fileText } from '../../lib/browser/file-text.ts'
import { readPaste } from '../../tasks/parse-paste.ts'
import { toast } from '../../ui/toast.ts'

export const MAX_IMPORT_BYTES = 50_000_000

/** Text that the dialog opens with; null while it is closed. It opens for text pasted on the page, too. */
export function useAddDialog() {
  const [text, setText] = useState<string | null>(null)
  const open = useCallback(() => setText(''), [])
  const onFile = useCallback(async (file: File) => {
    const text = await fileText(file, MAX_IMPORT_BYTES, 'This file is too large for a list.')
    if (text.ok) setText(text.value)
    else toast({ text: text.error })
  }, [])
  useIncomingText(setText, onFile)
  return { text, open, close: () => setText(null) }
}

const isField = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')

const isImage = ({ type }: File) => type.startsWith('image/')

/** IDs that are pasted, and lists that are dropped, anywhere on the page except in a field or a dialog. */
function useIncomingText(onText: (text: string) => void, onFile: (file: File) => unknown) {
  useEffect(() => {
    const isTaken = (event: Event) =>
      event.defaultPrevented || document.querySelector('dialog[open]') !== null
    const paste = (event: ClipboardEvent) => {
      if (isTaken(event) || isField(event.target)) return
      if ((event.clipboardData?.files.length ?? 0) > 0) return
      const text = event.clipboardData?.getData('text/plain') ?? ''
      if (readPaste(text).ids.length === 0) return
      event.preventDefault()
      onText(text)
    }
    const drop = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0]
      if (isTaken(event) || file === undefined || isImage(file)) return
      event.preventDefault()
      onFile(file)
    }
    const over = (event: DragEvent) => {
      const items = [...(event.dataTransfer?.items ?? [])]
      if (
        !isTaken(event) &&
        items.some(({ kind, type }) => kind === 'file' && !/^image\//.test(type))
      )
        event.preventDefault()
    }
    document.addEventListener('paste', paste)
    document.addEventListener('drop', drop)
    document.addEventListener('dragover', over)
    return () => {
      document.removeEventListener('paste', paste)
      document.removeEventListener('drop', drop)
      document.removeEventListener('dragover', over)
    }
  }, [onText, onFile])
}

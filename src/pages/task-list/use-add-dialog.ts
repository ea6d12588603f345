import { useCallback, useState } from 'react'
import { toast } from '../../ui/toast.ts'
import { useIncomingText } from './use-incoming-text.ts'

export const MAX_IMPORT_BYTES = 50_000_000

/** Text that the dialog opens with; null while it is closed. It opens for text pasted on the page, too. */
export function useAddDialog() {
  const [text, setText] = useState<string | null>(null)
  const open = useCallback(() => setText(''), [])
  const onFile = useCallback((file: File) => {
    if (file.size <= MAX_IMPORT_BYTES) void file.text().then(setText)
    else toast({ text: 'This file is too large for a list' })
  }, [])
  useIncomingText(setText, onFile)
  return { text, open, close: () => setText(null) }
}

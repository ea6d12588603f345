import { type ComponentProps, useLayoutEffect, useRef, useState } from 'react'

interface FileInputProps
  extends Pick<
    ComponentProps<'input'>,
    'id' | 'multiple' | 'aria-label' | 'aria-describedby' | 'aria-keyshortcuts'
  > {
  /** Value of the `accept` attribute: MIME types and extensions, comma-separated. */
  readonly accept: string
  /** Also called if the input is gone when the file dialog closes. */
  readonly onFile: (first: File, all: readonly File[]) => void
}

/** Selects one or several files; only its label is visible. */
export function FileInput({ onFile, ...rest }: FileInputProps) {
  const input = useRef<HTMLInputElement>(null)
  const latest = useRef(onFile)
  const [changed] = useState(() => ({ target }: Event) => {
    const field = target as HTMLInputElement
    const files = [...(field.files ?? [])]
    // Lets the same file be selected again.
    field.value = ''
    const [first] = files
    if (first !== undefined) latest.current(first, files)
  })
  useLayoutEffect(() => {
    latest.current = onFile
  }, [onFile])
  // Not removed: the page may change while the dialog is open, and React ignores a detached input.
  useLayoutEffect(() => input.current?.addEventListener('change', changed), [changed])
  return <input {...rest} ref={input} type="file" className="sr-only" />
}

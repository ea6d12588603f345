import type { ComponentProps } from 'react'

interface FileInputProps
  extends Pick<
    ComponentProps<'input'>,
    'id' | 'multiple' | 'aria-label' | 'aria-describedby' | 'aria-keyshortcuts'
  > {
  /** Value of the `accept` attribute: MIME types and extensions, comma-separated. */
  readonly accept: string
  readonly onFile: (first: File, all: readonly File[]) => void
}

/** Selects one or several files; only its label is visible. */
export const FileInput = ({ onFile, ...rest }: FileInputProps) => (
  <input
    {...rest}
    type="file"
    className="sr-only"
    onChange={({ target }) => {
      const files = [...(target.files ?? [])]
      // Lets the same file be selected again.
      target.value = ''
      const [first] = files
      if (first !== undefined) onFile(first, files)
    }}
  />
)

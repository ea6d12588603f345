import type { ComponentProps } from 'react'

interface FilesInputProps
  extends Pick<ComponentProps<'input'>, 'id' | 'aria-label' | 'aria-describedby'> {
  /** As of the attribute: MIME types and endings, by commas. */
  readonly accept: string
  readonly multiple: boolean
  readonly onFiles: (files: readonly File[]) => void
}

/** Chooses files; its label is what is seen of it. */
export const FilesInput = ({ onFiles, ...rest }: FilesInputProps) => (
  <input
    {...rest}
    type="file"
    className="sr-only"
    onChange={({ target }) => {
      const files = [...(target.files ?? [])]
      // The same file may be chosen again.
      target.value = ''
      if (files.length > 0) onFiles(files)
    }}
  />
)

interface FileInputProps extends Omit<FilesInputProps, 'multiple' | 'onFiles'> {
  readonly onFile: (file: File) => void
}

/** The same for one file. */
export const FileInput = ({ onFile, ...rest }: FileInputProps) => (
  <FilesInput
    {...rest}
    multiple={false}
    onFiles={([file]) => {
      if (file !== undefined) onFile(file)
    }}
  />
)

import { Plus } from 'lucide-react'
import { useId } from 'react'
import { buttonClass } from '../../ui/button.tsx'
import { FileInput } from '../../ui/file-input.tsx'
import { ACCEPT } from '../../uploads/validate-image.ts'

interface ChooseFilesProps {
  readonly label: string
  /** What it is for, for screen readers, if the page has several. */
  readonly about?: string
  readonly look: 'quiet' | 'secondary'
  readonly multiple: boolean
  readonly onFiles: (files: readonly File[]) => void
}

/** Button that opens the file dialog for images. */
export function ChooseFiles({ label, about, look, multiple, onFiles }: ChooseFilesProps) {
  const id = useId()
  return (
    <label
      htmlFor={id}
      className={`${buttonClass(look)} cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:min-h-11`}
    >
      {look === 'quiet' ? <Plus size={15} /> : null}
      {label}
      {about === undefined ? null : <span className="sr-only"> for {about}</span>}
      <FileInput
        id={id}
        accept={ACCEPT}
        multiple={multiple}
        onFile={(_, files) => onFiles(files)}
      />
    </label>
  )
}

import { type FormEvent, useId, useState } from 'react'
import { fileNames, type NamedTask } from '../downloads/file-name.ts'
import {
  DEFAULT_TEMPLATE,
  nameTemplate,
  PLACEHOLDERS,
  parseTemplate,
  withPlaceholder,
} from '../downloads/name-template.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

interface NamesDialogProps {
  /** Its names are the example; without one, those of a holiday photo. */
  readonly task?: NamedTask
  readonly onClose: () => void
}

const EXAMPLE: NamedTask = {
  id: '4f9c2d1e',
  settings: {
    model: 'upscayl-standard-4x',
    scale: { kind: 'known', factor: 4 },
    saveImageAs: 'png',
    compression: null,
    batchMode: null,
    enhanceFace: null,
  },
  files: [
    {
      id: '1',
      originalName: 'holiday.jpg',
      storedName: null,
      type: 'image/png',
      size: null,
      dimensions: { width: 2560, height: 1600 },
      createdAt: null,
      expiresAt: null,
      downloadUrl: null,
      thumbnailUrl: null,
      failed: false,
    },
  ],
}

/** Edits the template for file names, with a preview. */
export function NamesDialog({ task = EXAMPLE, onClose }: NamesDialogProps) {
  const [text, setText] = useState<string>(nameTemplate.get)
  const messageId = useId()
  const parsed = parseTemplate(text)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (!parsed.ok) return
    nameTemplate.set(parsed.value)
    onClose()
  }
  return (
    <Dialog title="File names" open onClose={onClose}>
      <form onSubmit={save}>
        <Field
          label="Template"
          data-focus
          value={text}
          onValue={setText}
          aria-invalid={!parsed.ok}
          aria-describedby={messageId}
          className="font-mono text-sm"
        />
        <p id={messageId} role="status" className="mt-2 min-h-10 text-sm [overflow-wrap:anywhere]">
          {parsed.ok ? (
            <span className="text-muted">
              Example: <bdi className="text-ink">{fileNames(parsed.value, task)[0]}</bdi>
            </span>
          ) : (
            <span className="text-bad">{parsed.error}</span>
          )}
        </p>
        <p className="mt-2 text-sm text-muted">
          {PLACEHOLDERS.map((name) => (
            <button
              key={name}
              type="button"
              onClick={() => setText(withPlaceholder(text, name))}
              className="mr-1.5 mb-1.5 min-h-7 rounded-md border border-line px-1.5 font-mono text-xs text-ink hover:bg-sunken"
            >
              {`{${name}}`}
            </button>
          ))}
        </p>
        <p className="mt-1 text-xs text-muted">
          Missing values are left out. Duplicates are numbered.
        </p>
        <div className="mt-4 flex justify-between gap-2">
          <Button look="quiet" onClick={() => setText(DEFAULT_TEMPLATE)}>
            Reset
          </Button>
          <Button look="primary" type="submit" disabled={!parsed.ok}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

import { type FormEvent, useId, useState } from 'react'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { fileNames, type NamedTask } from '../files/file-name.ts'
import { chooseTemplate, nameTemplate } from '../files/name-choice.ts'
import { DEFAULT_TEMPLATE, PLACEHOLDERS, parseTemplate } from '../files/name-template.ts'

interface NamesDialogProps {
  readonly task: NamedTask
  readonly onClose: () => void
}

/** How saved files are named, with the name that comes of it. */
export function NamesDialog({ task, onClose }: NamesDialogProps) {
  const [text, setText] = useState<string>(nameTemplate)
  const field = useId()
  const said = useId()
  const parsed = parseTemplate(text)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (!parsed.ok) return
    chooseTemplate(parsed.value === DEFAULT_TEMPLATE ? null : parsed.value)
    onClose()
  }
  return (
    <Dialog title="File names" open onClose={onClose}>
      <form onSubmit={save}>
        <label htmlFor={field} className="text-sm font-medium">
          Template
        </label>
        <input
          id={field}
          value={text}
          onChange={(event) => setText(event.target.value)}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={!parsed.ok}
          aria-describedby={said}
          className="mt-1 block min-h-9 w-full rounded-lg border border-line-strong bg-surface px-3 font-mono text-sm"
        />
        <p id={said} role="status" className="mt-2 min-h-10 text-sm [overflow-wrap:anywhere]">
          {parsed.ok ? (
            <span className="text-muted">
              The first file: <bdi className="text-ink">{fileNames(parsed.value, task)[0]}</bdi>
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
              onClick={() => setText(`${text}{${name}}`)}
              className="mr-1.5 mb-1.5 min-h-7 rounded-md border border-line px-1.5 font-mono text-xs text-ink hover:bg-sunken"
            >
              {`{${name}}`}
            </button>
          ))}
        </p>
        <p className="mt-1 text-xs text-muted">
          What is not known drops out. Two of the same name get a number.
        </p>
        <div className="mt-4 flex justify-between gap-2">
          <Button look="quiet" onClick={() => setText(DEFAULT_TEMPLATE)}>
            As usual
          </Button>
          <Button look="primary" type="submit" disabled={!parsed.ok}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

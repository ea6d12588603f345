import { Plus } from 'lucide-react'
import { type SyntheticEvent, useId, useState } from 'react'
import { formatNumber, plural } from '../../lib/format.ts'
import {
  type AnnotationChange,
  cleanLabel,
  hasTooMany,
  MAX_LABEL_LENGTH,
  MAX_LABELS,
  MAX_NOTE_LENGTH,
} from '../../tasks/annotation.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, SaveOrCancel } from '../../ui/dialog.tsx'
import { TextArea } from '../../ui/text-area.tsx'

export interface LabelsDialogProps {
  /** The tasks to be labelled, at least one. */
  readonly entries: readonly TrackedTask[]
  /** All labels of the list with the number of their tasks. */
  readonly counts: ReadonlyMap<string, number>
  readonly onSave: (change: AnnotationChange) => void
  readonly onClose: () => void
}

/** How many of the tasks have a label. */
type Use = 'all' | 'some' | 'none'

/** Labels of one task or several, and the note of one. */
export function LabelsDialog({ entries, counts, onSave, onClose }: LabelsDialogProps) {
  const [only] = entries.length === 1 ? entries : []
  const [edits, setEdits] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [text, setText] = useState('')
  const [before] = useState(only?.annotation?.note ?? '')
  const [note, setNote] = useState(before)
  const options = [...new Set([...counts.keys(), ...edits.keys()])]

  const set = (label: string, on: boolean) => setEdits((all) => new Map(all).set(label, on))
  const stateOf = (label: string): Use => {
    const edit = edits.get(label)
    return edit === undefined ? stateIn(entries, label) : edit ? 'all' : 'none'
  }
  const typed = cleanLabel(text)
  const wanted = typed === '' ? edits : new Map(edits).set(sameIn(options, typed) ?? typed, true)
  const add = () => {
    setEdits(wanted)
    setText('')
  }
  const withState = (on: boolean) => [...wanted].flatMap(([label, it]) => (it === on ? label : []))
  // Another tab may have changed what was not edited here.
  const change = { add: withState(true), remove: withState(false) }
  const tooMany = entries.some(({ annotation }) => hasTooMany(annotation, change))
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (tooMany) return
    onSave({ ...change, ...(note === before ? {} : { note }) })
    onClose()
  }
  return (
    <Dialog
      title={only === undefined ? `Labels of ${plural(entries.length, 'task')}` : 'Labels and note'}
      open
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate>
        <NewLabel text={text} onText={setText} onAdd={add} />
        {options.length === 0 ? null : (
          <fieldset className="mt-3 flex max-h-40 flex-wrap gap-1.5 overflow-y-auto p-0.5">
            <legend className="sr-only">Labels</legend>
            {options.map((label) => (
              <Option
                key={label}
                label={label}
                use={stateOf(label)}
                count={counts.get(label) ?? 0}
                onChange={(on) => set(label, on)}
              />
            ))}
          </fieldset>
        )}
        {tooMany ? (
          <p role="alert" className="mt-2 text-sm text-bad">
            A task can have {MAX_LABELS} labels. Remove some.
          </p>
        ) : null}
        {only === undefined ? null : (
          <div className="mt-4">
            <TextArea
              label="Note"
              value={note}
              onValue={setNote}
              maxLength={MAX_NOTE_LENGTH}
              error={null}
              className="max-h-48 min-h-20 font-sans!"
            >
              {null}
            </TextArea>
          </div>
        )}
        <p className="mt-2 text-sm text-muted">Kept in this browser. Never shared.</p>
        <SaveOrCancel onCancel={onClose} />
      </form>
    </Dialog>
  )
}

const fold = (text: string) => text.toLowerCase()

/** A label that differs in case only, so that it is not added once more. */
const sameIn = (labels: readonly string[], label: string): string | undefined =>
  labels.find((one) => fold(one) === fold(label))

function stateIn(entries: readonly TrackedTask[], label: string): Use {
  const count = entries.filter(({ annotation }) =>
    annotation?.labels.some((one) => fold(one) === fold(label)),
  ).length
  return count === 0 ? 'none' : count === entries.length ? 'all' : 'some'
}

interface NewLabelProps {
  readonly text: string
  readonly onText: (text: string) => void
  readonly onAdd: () => void
}

function NewLabel({ text, onText, onAdd }: NewLabelProps) {
  const id = useId()
  return (
    <>
      <label htmlFor={id} className="text-sm font-medium">
        New label
      </label>
      <div className="mt-1.5 flex gap-2">
        <input
          data-focus
          id={id}
          value={text}
          maxLength={MAX_LABEL_LENGTH}
          autoComplete="off"
          onChange={(event) => onText(event.target.value)}
          onKeyDown={(event) => {
            // Of an empty field Enter saves, as in any form.
            if (event.key !== 'Enter' || event.nativeEvent.isComposing || text.trim() === '') return
            event.preventDefault()
            onAdd()
          }}
          className="min-h-11 min-w-0 flex-1 rounded-lg border border-line-strong bg-surface px-3"
        />
        <Button icon={Plus} onClick={onAdd} disabled={text.trim() === ''} className="min-h-11">
          Add
        </Button>
      </div>
    </>
  )
}

interface OptionProps {
  readonly label: string
  readonly use: Use
  readonly count: number
  readonly onChange: (on: boolean) => void
}

const Option = ({ label, use, count, onChange }: OptionProps) => (
  <label className="inline-flex min-h-9 max-w-full cursor-pointer items-center gap-2 rounded-full border border-line px-3 text-sm hover:bg-sunken has-checked:border-accent has-checked:bg-accent-soft pointer-coarse:min-h-11">
    <input
      type="checkbox"
      checked={use === 'all'}
      ref={(element) => {
        if (element !== null) element.indeterminate = use === 'some'
      }}
      onChange={() => onChange(use !== 'all')}
      className="size-4 shrink-0 accent-accent"
    />
    <bdi className="truncate" title={label}>
      {label}
    </bdi>
    {count === 0 ? null : (
      <span aria-hidden className="text-muted">
        {formatNumber(count)}
      </span>
    )}
  </label>
)

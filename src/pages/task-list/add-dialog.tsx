import { FileUp, History } from 'lucide-react'
import { type SyntheticEvent, useDeferredValue, useId, useMemo, useState } from 'react'
import { parseTaskId } from '../../../core/api/parse-task-id.ts'
import type { TaskId } from '../../../core/api/task-id.ts'
import { fileText } from '../../lib/browser/file-text.ts'
import { formatBytes } from '../../lib/bytes.ts'
import { plural } from '../../lib/format.ts'
import { currentKey } from '../../session/session.ts'
import { type Pasted, readPaste } from '../../tasks/parse-paste.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FileInput } from '../../ui/file-input.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { useFileDrop } from '../../ui/use-file-drop.ts'
import { PasteReview } from './paste-review.tsx'
import { MAX_IMPORT_BYTES } from './use-add-dialog.ts'

export interface AddDialogProps {
  /** Text that was pasted on the page; '' for none. */
  readonly initial: string
  /** Whether a task is already in the list. */
  readonly has: (id: TaskId) => boolean
  /** A single ID was entered: opens it. */
  readonly onOpen: (id: TaskId) => void
  readonly onAdd: (pasted: Pasted) => void
  /** Looks for tasks whose IDs are lost. */
  readonly onFind: () => void
  readonly onClose: () => void
}

const NO_TASKS = 'No task ID found. Paste an ID or a task link.'
const IS_KEY = 'That’s your API key, not a task ID. It wasn’t sent.'

/** Adds tasks: a single ID opens, of several it shows what would be added. */
export function AddDialog({ initial, has, onOpen, onAdd, onFind, onClose }: AddDialogProps) {
  const [text, setText] = useState(initial)
  const [error, setError] = useState<string | null>(null)
  const deferred = useDeferredValue(text)
  const pasted = useMemo(() => readIds(deferred), [deferred])
  const id = useId()
  const single = parseTaskId(text)
  const isSingle = single.ok && !/\S\s+\S/.test(text)
  const show = (next: string) => {
    setText(next)
    setError(null)
  }
  const read = async (file: File) => {
    const limit = formatBytes(MAX_IMPORT_BYTES)
    const tooLarge = `This file is too large for a list (over ${limit}).`
    const text = await fileText(file, MAX_IMPORT_BYTES, tooLarge)
    if (text.ok) show(text.value)
    else setError(text.error)
  }
  const drop = useFileDrop((file) => void read(file))

  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const found = readIds(text)
    if (isOwnKey(single.ok ? single.value : text.trim())) {
      setText('')
      setError(IS_KEY)
    } else if (isSingle) onOpen(single.value)
    else if (found.ids.length === 0) setError(single.ok ? NO_TASKS : single.error)
    else {
      onAdd(found)
      if (found.unread.length === 0) return onClose()
      setText(found.unread.join('\n'))
      setError(`${plural(found.unread.length, 'line')} couldn’t be read. Fix or delete them.`)
    }
  }

  const fresh = pasted.ids.filter((one) => !has(one)).length
  return (
    <Dialog title="Add by ID" open onClose={onClose} width="wide">
      <form
        {...drop.handlers}
        onSubmit={submit}
        noValidate
        className={`rounded-lg ${drop.isOver ? 'outline-2 outline-offset-4 outline-accent outline-dashed' : ''}`}
      >
        <TextArea
          label="Task IDs or links"
          data-focus
          value={text}
          onValue={show}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            submit(event)
          }}
          placeholder="0e6aa1a8-5f1c-4e0b-9d5e-2f6b1c7ae856"
          error={error}
          aria-describedby={`${id}-help ${id}-error`}
          className="max-h-40 min-h-24"
        >
          {null}
        </TextArea>
        <p id={`${id}-error`} role="alert" className="mt-1.5 text-sm text-bad empty:sr-only">
          {error}
        </p>
        <div className="mt-1.5 flex flex-wrap items-center justify-between gap-x-4 text-sm">
          <p id={`${id}-help`} className="text-muted">
            One or many, as text, CSV or JSON. Or drop a file.
          </p>
          <label
            htmlFor={`${id}-file`}
            className="inline-flex min-h-9 cursor-pointer items-center gap-1.5 rounded-sm font-medium text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent pointer-coarse:min-h-11"
          >
            <FileUp size={15} />
            Choose file
            <FileInput
              id={`${id}-file`}
              accept=".csv,.tsv,.txt,.json,text/*,application/json"
              onFile={(file) => void read(file)}
            />
          </label>
        </div>
        {isSingle || error !== null || pasted.ids.length + pasted.unread.length === 0 ? null : (
          <PasteReview pasted={pasted} has={has} />
        )}
        <div className="mt-4 flex flex-wrap justify-end gap-2">
          <Button look="quiet" icon={History} onClick={onFind} className="mr-auto -ml-3">
            Find my earlier tasks
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            {isSingle || pasted.ids.length === 0
              ? 'Add'
              : `Add ${plural(fresh === 0 ? pasted.ids.length : fresh, 'task')}`}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function readIds(text: string): Pasted {
  const all = readPaste(text)
  return { ...all, ids: all.ids.filter((id) => !isOwnKey(id)) }
}

/** A key pasted into the wrong field would be requested as a task, and stored. */
const isOwnKey = (text: string): boolean => text === currentKey()

import { ArrowRight, FileUp, ListPlus } from 'lucide-react'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useLocation } from 'react-router'
import { Button } from '../../components/button.tsx'
import { FileInput } from '../../components/file-input.tsx'
import { Notice } from '../../components/notice.tsx'
import { Shortened } from '../../components/shortened.tsx'
import { useFileDrop } from '../../components/use-file-drop.ts'
import { useTextHeight } from '../../components/use-text-height.ts'
import { formatBytes } from '../../lib/bytes.ts'
import { formatNumber, plural } from '../../lib/format.ts'
import { currentKey } from '../../session/session.ts'
import { parseTaskId } from '../../upscayl/parse-task-id.ts'
import type { TaskId } from '../../upscayl/task-id.ts'
import { MOST_ENTRIES } from '../../watchlist/entry.ts'
import type { Pasted } from '../../watchlist/read-paste.ts'

interface AddTasksProps {
  /** Whether a task is in the list already. */
  readonly has: (id: TaskId) => boolean
  /** From a list in a link; null where there is none. */
  readonly linked: readonly TaskId[] | null
  /** One id was given: it is opened. */
  readonly onOpen: (id: TaskId) => void
  readonly onAdd: (pasted: Pasted) => void
  /** The link was dealt with, one way or the other. */
  readonly onLinkDone: () => void
}

const NOTHING = 'There is no task id in this. Paste ids, or links to tasks.'
const IS_KEY = 'This is your API key, not a task id. Nothing was asked with it.'
const LONGEST_FILE = 50_000_000

/** The way into the list: an id to open, or any mixture of them to look over before it is added. */
export function AddTasks({ has, linked, onOpen, onAdd, onLinkDone }: AddTasksProps) {
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const [pasted, setPasted] = useState<Pasted | null>(null)
  const field = useFocusedByShortcut()

  /** Looks over what there is to add; `otherwise` is said where nothing is. */
  const review = async (input: string, otherwise: string) => {
    const { readPaste } = await import('../../watchlist/read-paste.ts')
    const all = readPaste(input)
    const read = { ...all, ids: all.ids.filter((id) => !isOwnKey(id)) }
    setError(read.ids.length > 0 ? null : otherwise)
    setPasted(read.ids.length > 0 ? read : null)
  }

  const submit = async () => {
    const parsed = parseTaskId(text)
    if (isOwnKey(parsed.ok ? parsed.value : text.trim())) {
      setText('')
      setError(IS_KEY)
    } else if (/\S\s+\S/.test(text)) await review(text, parsed.ok ? NOTHING : parsed.error)
    else if (parsed.ok) onOpen(parsed.value)
    else await review(text, parsed.error)
  }

  const read = async (file: File) => {
    if (file.size <= LONGEST_FILE) await review(await file.text(), NOTHING)
    else setError(`This file is too large for a list (over ${formatBytes(LONGEST_FILE)}).`)
  }
  const drop = useFileDrop(read)

  const add = (what: Pasted) => {
    onAdd(what)
    setPasted(null)
    if (linked !== null) return onLinkDone()
    const { unread } = what
    setText(unread.join('\n'))
    setError(unread.length === 0 ? null : `${keptWords(unread.length)} kept here to be corrected.`)
  }

  const found =
    pasted ?? (linked && ({ ids: linked, entries: [], unread: [], tooMany: 0 } satisfies Pasted))
  return (
    <div
      {...drop.handlers}
      className={`rounded-xl ${drop.isOver ? 'outline-2 outline-offset-8 outline-accent outline-dashed' : ''}`}
    >
      <AddForm
        field={field}
        text={text}
        error={error}
        onText={(next) => {
          setText(next)
          setError(null)
          setPasted(null)
        }}
        onFile={(file) => void read(file)}
        onSubmit={() => void submit()}
      />
      {found === null ? null : (
        <Review
          pasted={found}
          has={has}
          fromLink={pasted === null}
          onAdd={() => add(found)}
          onCancel={() => (pasted === null ? onLinkDone() : setPasted(null))}
        />
      )}
    </div>
  )
}

/** Pasted into the wrong field, a key would be asked for as a task, and remembered. */
const isOwnKey = (text: string): boolean => text === currentKey()

const keptWords = (n: number) =>
  n === 1
    ? 'One line was not understood and is'
    : `${formatNumber(n)} lines were not understood and are`

/** The field has the focus where a shortcut led to it; each visit by it has a key of its own. */
function useFocusedByShortcut() {
  const field = useRef<HTMLTextAreaElement>(null)
  const { key, state } = useLocation()
  useEffect(() => {
    if (key !== 'default' && state?.focus === 'field') field.current?.focus()
  }, [key, state])
  return field
}

interface AddFormProps {
  readonly field: ReturnType<typeof useFocusedByShortcut>
  readonly text: string
  readonly error: string | null
  readonly onText: (text: string) => void
  readonly onFile: (file: File) => void
  readonly onSubmit: () => void
}

function AddForm({ field, text, error, onText, onFile, onSubmit }: AddFormProps) {
  const id = useId()
  useTextHeight(field)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form onSubmit={submit} noValidate className="mt-4">
      <label htmlFor={id} className="text-sm font-medium">
        Task id or link
      </label>
      <div className="mt-1.5 flex flex-col gap-2 sm:flex-row sm:items-start">
        <textarea
          ref={field}
          id={id}
          rows={1}
          value={text}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            submit(event)
          }}
          placeholder="Paste one, or many in any form"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={error !== null}
          aria-describedby={`${id}-help ${id}-error`}
          className="field-sizing-content max-h-48 min-h-11 min-w-0 flex-1 resize-none rounded-lg border border-line-strong bg-surface px-3 py-2.5 font-mono aria-invalid:border-bad"
        />
        <Button type="submit" look="primary" className="min-h-11 px-4">
          Watch
          <ArrowRight aria-hidden size={15} />
        </Button>
      </div>
      <div className="mt-1.5 flex flex-wrap items-baseline gap-x-4 text-sm">
        <p id={`${id}-error`} role="alert" className="text-bad empty:sr-only">
          {error}
        </p>
        <p id={`${id}-help`} className={`text-muted ${error === null ? '' : 'sr-only'}`}>
          Ids, links, CSV or JSON, also as a file dropped here.
        </p>
        <label
          htmlFor={`${id}-file`}
          className="inline-flex min-h-8 cursor-pointer items-center gap-1.5 rounded-sm text-muted underline decoration-line-strong underline-offset-4 hover:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <FileUp aria-hidden size={14} />
          Choose a file
          <FileInput
            id={`${id}-file`}
            accept=".csv,.tsv,.txt,.json,text/*,application/json"
            onFile={onFile}
          />
        </label>
      </div>
    </form>
  )
}

interface ReviewProps {
  readonly pasted: Pasted
  readonly has: (id: TaskId) => boolean
  readonly fromLink: boolean
  readonly onAdd: () => void
  readonly onCancel: () => void
}

const SHOWN = 6

/** What would be added, before anything is asked of the API. */
function Review({ pasted, has, fromLink, onAdd, onCancel }: ReviewProps) {
  const { ids, unread, tooMany } = pasted
  const fresh = ids.filter((id) => !has(id))
  const known = ids.length - fresh.length
  const title =
    fresh.length === 0 ? 'All of these are in your list' : `${plural(fresh.length, 'task')} to add`
  return (
    <div role="status" className="mt-4">
      <Notice
        tone="info"
        title={fromLink ? `This link lists ${plural(ids.length, 'task')}` : title}
        action={
          <div className="mt-3 flex flex-wrap gap-2">
            {fresh.length === 0 && pasted.entries.length === 0 ? null : (
              <Button look="primary" onClick={onAdd} icon={<ListPlus aria-hidden size={15} />}>
                Add {plural(fresh.length === 0 ? ids.length : fresh.length, 'task')}
              </Button>
            )}
            <Button onClick={onCancel}>Cancel</Button>
          </div>
        }
      >
        <p>
          Nothing is asked before you add them.
          {fresh.length > 0 && known > 0
            ? ` ${formatNumber(known)} more are in your list already.`
            : ''}
          {tooMany > 0
            ? ` ${formatNumber(tooMany)} beyond the ${formatNumber(MOST_ENTRIES)} of a list are left out.`
            : ''}
        </p>
        <ul className="mt-2 grid gap-x-6 gap-y-1 font-mono text-xs text-ink sm:grid-cols-2">
          {fresh.slice(0, SHOWN).map((id) => (
            <li key={id} className="truncate">
              <Shortened text={id} length={40} />
            </li>
          ))}
        </ul>
        {fresh.length > SHOWN ? (
          <p className="mt-1">and {formatNumber(fresh.length - SHOWN)} more</p>
        ) : null}
        {unread.length === 0 ? null : (
          <>
            <p className="mt-3 font-medium text-warn">
              {unread.length === 1
                ? 'One line is not understood:'
                : `${formatNumber(unread.length)} lines are not understood:`}
            </p>
            <ul className="mt-1 max-h-32 overflow-auto font-mono text-xs">
              {unread.slice(0, 100).map((line, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines may be equal, and stay in their places
                <li key={index} className="truncate">
                  {line}
                </li>
              ))}
            </ul>
          </>
        )}
      </Notice>
    </div>
  )
}

import { Bookmark, Coins, ImagePlus, Images, ListTodo, Search } from 'lucide-react'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { parseTaskId } from '../../core/api/parse-task-id.ts'
import { now } from '../lib/clock.ts'
import { truncateMiddle } from '../lib/format.ts'
import { paths } from '../lib/paths.ts'
import { applyListQuery } from '../tasks/apply-list-query.ts'
import { DEFAULT_QUERY } from '../tasks/list-query.ts'
import type { SavedView } from '../tasks/saved-views.ts'
import { shortId, taskThumb, taskTitle } from '../tasks/task-title.ts'
import type { TrackedTask } from '../tasks/tracked-task.ts'
import type { Icon } from '../ui/button.tsx'
import { isBeside, useModal } from '../ui/dialog.tsx'
import { Thumbnail } from '../ui/thumbnail.tsx'

/** Something to open. */
interface Result {
  readonly path: string
  readonly label: string
  /** Second, quieter text. */
  readonly detail: string
  readonly icon: Icon
  /** URL of an image instead of the icon. */
  readonly image?: string | null
}

const PAGES: readonly Result[] = [
  { path: paths.home, label: 'Tasks', detail: 'g t', icon: Images },
  { path: paths.newTask, label: 'New task', detail: 'n', icon: ImagePlus },
  { path: paths.credits, label: 'Credits', detail: 'g c', icon: Coins },
]

const MAX_TASKS = 8

/** Pages, saved views, tasks by name or ID, and any task by its ID or link. */
export function findResults(
  text: string,
  entries: readonly TrackedTask[],
  views: readonly SavedView[],
): readonly Result[] {
  const search = text.trim()
  const parsed = search === '' ? null : parseTaskId(search)
  const named = (entry: TrackedTask): Result => ({
    path: paths.task(entry.id),
    label: taskTitle(entry),
    detail: shortId(entry.id),
    icon: ListTodo,
    image: taskThumb(entry),
  })
  const id = parsed?.ok === true ? parsed.value : null
  const query = { ...DEFAULT_QUERY, search: id ?? search }
  const tasks = applyListQuery(entries, query, now()).slice(0, MAX_TASKS)
  const saved = views.map(({ name, query }) => ({
    path: paths.list(query),
    label: name,
    detail: 'View',
    icon: Bookmark,
  }))
  const pages = [...saved, ...PAGES].filter(({ label }) =>
    label.toLowerCase().includes(search.toLowerCase()),
  )
  const isListed = tasks.some((entry) => entry.id === id)
  // A short word is more likely part of a name.
  const isOther = id !== null && !isListed && id.length >= MIN_ID_LENGTH
  const other: Result[] = isOther
    ? [
        {
          path: paths.task(id),
          label: `Open task ${truncateMiddle(id, 24)}`,
          detail: '',
          icon: Search,
        },
      ]
    : []
  return [...other, ...tasks.map(named), ...pages]
}

/** The shortest IDs seen are far longer. */
const MIN_ID_LENGTH = 8

interface SearchPanelProps {
  readonly entries: readonly TrackedTask[]
  readonly views: readonly SavedView[]
  readonly onOpen: (path: string) => void
  readonly onClose: () => void
}

/** Command palette: a field, and what it finds (ARIA authoring practices: combobox). */
export function SearchPanel({ entries, views, onOpen, onClose }: SearchPanelProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const id = useId()
  useModal(dialog)
  const results = findResults(text, entries, views)
  const current = results[active]

  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && results.length > 0) {
      event.preventDefault()
      setActive((active + step + results.length) % results.length)
    }
    if (event.key === 'Enter' && current !== undefined) {
      event.preventDefault()
      onOpen(current.path)
    }
  }
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      onPointerDown={(event) => {
        if (isBeside(event)) onClose()
      }}
      aria-label="Search"
      className="mt-[min(12vh,6rem)] mb-auto max-h-[calc(100dvh-2rem)] w-[min(36rem,calc(100%-2rem))] flex-col overflow-hidden rounded-xl border border-line bg-surface p-0 text-ink shadow-xl backdrop:bg-black/50 open:flex"
    >
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search size={18} className="shrink-0 text-muted" />
        <input
          role="combobox"
          aria-label="Search or paste an ID"
          aria-expanded="true"
          aria-controls={`${id}-results`}
          aria-activedescendant={current === undefined ? undefined : `${id}-${active}`}
          autoComplete="off"
          spellCheck={false}
          placeholder="Search tasks, or paste an ID or link"
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setActive(0)
          }}
          onKeyDown={press}
          className="min-h-13 min-w-0 flex-1 bg-transparent outline-none"
        />
      </div>
      <div
        id={`${id}-results`}
        role="listbox"
        aria-label="Results"
        className="min-h-0 overflow-y-auto p-2 empty:hidden"
      >
        {results.map((result, index) => (
          <Row
            key={result.path}
            id={`${id}-${index}`}
            result={result}
            selected={index === active}
            onPoint={() => setActive(index)}
            onSelect={() => onOpen(result.path)}
          />
        ))}
      </div>
      <p
        role="status"
        className={results.length > 0 ? 'sr-only' : 'px-4 py-6 text-center text-sm text-muted'}
      >
        {results.length > 0 ? '' : 'No matches'}
      </p>
    </dialog>
  )
}

interface RowProps {
  readonly id: string
  readonly result: Result
  readonly selected: boolean
  readonly onPoint: () => void
  readonly onSelect: () => void
}

function Row({ id, result, selected, onPoint, onSelect }: RowProps) {
  const { label, detail, icon: Icon, image } = result
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
    <div
      ref={(row) => {
        if (selected) row?.scrollIntoView({ block: 'nearest' })
      }}
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      onPointerMove={onPoint}
      onClick={onSelect}
      className="flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5 text-sm aria-selected:bg-sunken"
    >
      {image == null ? (
        <span className="inline-flex size-7 shrink-0 items-center justify-center text-muted">
          <Icon size={16} />
        </span>
      ) : (
        <Thumbnail url={image} className="size-7 rounded-md" />
      )}
      <span className="min-w-0 flex-1 truncate" title={label}>
        {label}
      </span>
      <span className="shrink-0 font-mono text-xs text-muted" title={detail}>
        {detail}
      </span>
    </div>
  )
}

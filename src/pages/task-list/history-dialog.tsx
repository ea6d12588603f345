import { useEffect, useMemo, useState } from 'react'
import type { HistoryPage, HistoryTask } from '../../../core/api/history.ts'
import type { TaskId } from '../../../core/api/task-id.ts'
import { getHistory } from '../../api/history.ts'
import type { RequestError } from '../../api/post-json.ts'
import { now } from '../../lib/clock.ts'
import { formatClockTime, formatCredits, formatNumber, plural } from '../../lib/format.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { errorMessage, errorText } from '../../task-view/error-text.ts'
import { entryOf, type HistoryReview, reviewHistory } from '../../tasks/history.ts'
import { MAX_ENTRIES, type TrackedTask } from '../../tasks/tracked-task.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

interface HistoryDialogProps extends ListProps {
  readonly apiKey: ApiKey
}

interface ListProps {
  /** Whether a task is already in the list. */
  readonly has: (id: TaskId) => boolean
  /** Number of tasks that the list can still take. */
  readonly room: number
  readonly onAdd: (entries: readonly TrackedTask[]) => void
  /** The other way to find tasks. */
  readonly onAddById: () => void
  readonly onClose: () => void
}

/** Closing it cancels the request. */
export type HistoryError = Exclude<RequestError, { kind: 'cancelled' }>

/** As many as fit in a list. The API allows 100 an hour. */
const MAX_PAGES = 50

/** Finds the tasks of the key in the API's history, if it has one, page by page until it is closed. */
export function HistoryDialog({ apiKey, ...list }: HistoryDialogProps) {
  const { pages, state, retry } = useHistory(apiKey)
  const tasks = useMemo(() => pages.flatMap((page) => page.tasks), [pages])
  return (
    <HistoryResult
      {...list}
      tasks={tasks}
      total={pages[0]?.total ?? null}
      hasMore={pages.at(-1)?.next != null}
      state={state}
      onRetry={retry}
    />
  )
}

function useHistory(key: ApiKey) {
  const [pages, setPages] = useState<readonly HistoryPage[]>([])
  const [error, setError] = useState<HistoryError | null>(null)
  const offset = offsetAfter(pages)
  useEffect(() => {
    if (offset === 'none' || error !== null) return
    const closed = new AbortController()
    void getHistory(key, offset, closed.signal).then((page) => {
      if (page.ok) setPages((all) => [...all, page.value])
      else if (page.error.kind !== 'cancelled') setError(page.error)
    })
    return () => closed.abort()
  }, [key, offset, error])
  const state = error ?? (offset === 'none' ? 'complete' : 'reading')
  return { pages, state, retry: () => setError(null) } as const
}

/** Where the next page begins: null for the first one. Offsets that don't decrease would go on forever. */
function offsetAfter(pages: readonly HistoryPage[]): number | null | 'none' {
  const [last, before] = [pages.at(-1)?.next, pages.at(-2)?.next]
  if (last === undefined) return null
  const isOlder = last !== null && (before == null || last < before)
  return isOlder && pages.length < MAX_PAGES ? last : 'none'
}

interface HistoryResultProps extends ListProps {
  /** Found so far. */
  readonly tasks: readonly HistoryTask[]
  /** Number of all tasks; null if not reported. */
  readonly total: number | null
  /** There are tasks that have not been read. */
  readonly hasMore: boolean
  readonly state: 'reading' | 'complete' | HistoryError
  readonly onRetry: () => void
}

/** What was found, and what adding it would do. */
export function HistoryResult({ tasks, state, ...props }: HistoryResultProps) {
  const { has, room, hasMore, onAdd, onAddById, onClose } = props
  const review = useMemo(() => reviewHistory(tasks, has, room), [tasks, has, room])
  const { fresh } = review
  const isReading = state === 'reading'
  const error = typeof state === 'string' ? null : state
  const add = () => {
    const at = now()
    onAdd(fresh.map((task) => entryOf(task, at)))
    onClose()
  }
  return (
    <Dialog title="Earlier tasks" open onClose={onClose}>
      <div role="status" className="grid gap-2 text-pretty">
        {isReading ? <Reading found={tasks.length} total={props.total} /> : null}
        {error === null ? null : <Failed error={error} />}
        {isReading || (error !== null && tasks.length === 0) ? null : (
          <Found {...review} hasMore={hasMore} />
        )}
      </div>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{isReading || fresh.length > 0 ? 'Cancel' : 'Close'}</Button>
        {error !== null && isRetried(error) ? <Button onClick={props.onRetry}>Retry</Button> : null}
        {error?.kind === 'unavailable' ? (
          <Button look="primary" onClick={onAddById}>
            Add by ID
          </Button>
        ) : null}
        {isReading || fresh.length === 0 ? null : (
          <Button look="primary" onClick={add}>
            Add {plural(fresh.length, 'task')}
          </Button>
        )}
      </div>
    </Dialog>
  )
}

function Reading({ found, total }: { readonly found: number; readonly total: number | null }) {
  const of = total === null || total < found ? '' : ` of ${formatNumber(total)}`
  return (
    <p className="text-muted">
      {found === 0 ? 'Looking for tasks…' : `Found ${formatNumber(found)}${of} tasks…`}
    </p>
  )
}

function Found({
  fresh,
  known,
  tooMany,
  checks,
  unpaid,
  hasMore,
}: HistoryReview & { hasMore: boolean }) {
  const all = fresh.length + known + tooMany
  if (all === 0) {
    return (
      <>
        <p className="font-medium">No earlier tasks found</p>
        <p className="text-sm text-muted">Upscayl lists none for this API key.</p>
      </>
    )
  }
  return (
    <>
      <p className="font-medium">
        {plural(all, 'task')} found
        {known === 0 ? '' : `, ${formatNumber(known)} already in your list`}
      </p>
      <ul className="grid gap-1 text-sm text-muted empty:hidden">
        {tooMany === 0 ? null : (
          <li>
            {formatNumber(tooMany)} left out: a list holds {formatNumber(MAX_ENTRIES)}.
          </li>
        )}
        {hasMore ? <li>Older tasks weren’t read.</li> : null}
        {checks === 0 ? null : (
          <li>
            {plural(checks, 'task')} will be checked, which uses {plural(checks, 'request')}.
          </li>
        )}
        {unpaid === null ? null : (
          <li className="text-warn">
            {unpaid.count === 1
              ? '1 finished task isn’t'
              : `${plural(unpaid.count, 'finished task')} aren’t`}{' '}
            charged yet. Checking deducts{' '}
            {unpaid.credits === null ? 'the credits' : formatCredits(unpaid.credits)}.
          </li>
        )}
      </ul>
    </>
  )
}

const isRetried = ({ kind }: HistoryError): boolean => kind === 'network' || kind === 'upstream'

function Failed({ error }: { readonly error: HistoryError }) {
  const { title, means } = failureText(error)
  const quoted = error.kind === 'unavailable' ? null : errorMessage(error)
  return (
    <>
      <p className="font-medium">{title}</p>
      <p className="text-sm text-muted [overflow-wrap:anywhere]">
        {means}
        {quoted === null ? null : (
          <>
            {' '}
            {quoted.label}: <q>{quoted.message}</q>
          </>
        )}
      </p>
    </>
  )
}

function failureText(error: HistoryError): { readonly title: string; readonly means: string } {
  switch (error.kind) {
    case 'unavailable':
      return {
        title: 'Upscayl doesn’t offer task history',
        means: 'It was once part of the API. Add tasks by their IDs or links instead.',
      }
    case 'limited': {
      const { title } = errorText(error)
      const when = error.until === null ? 'later' : `at ${formatClockTime(error.until)}`
      return { title, means: `Try again ${when}.` }
    }
    case 'key':
      return {
        title: errorText(error).title,
        means: 'Upscayl rejected this API key. You can replace it in the key menu.',
      }
    default:
      return {
        title: errorText(error).title,
        means: 'Nothing was charged, and your list is unchanged.',
      }
  }
}

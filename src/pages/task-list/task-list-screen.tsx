import { type ReactNode, useMemo } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { type Quota, quotaStatus } from '../../../core/quota/quota.ts'
import { useReading } from '../../lib/clock.ts'
import { entriesById } from '../../tasks/again-text.ts'
import { facets, shownBy } from '../../tasks/apply-list-query.ts'
import type { LedgerRow } from '../../tasks/ledger.ts'
import {
  DEFAULT_QUERY,
  isDescendingFirst,
  type ListQuery,
  type Sort,
} from '../../tasks/list-query.ts'
import { NOTHING_PASTED, type Pasted } from '../../tasks/parse-paste.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import type { PollingState } from '../../tasks/use-task.ts'
import { Button } from '../../ui/button.tsx'
import { Part } from '../../ui/part.tsx'
import { Digested } from './digest-banner.tsx'
import { EmptyList } from './empty-list.tsx'
import { FilterChips } from './filter-chips.tsx'
import { countByFilter, filterOf, withFilter } from './filters.ts'
import { LinkNotice } from './link-notice.tsx'
import type { Absence } from './list-follower.ts'
import { ListFooter } from './list-footer.tsx'
import { ListHeader, type ListHeaderProps } from './list-header.tsx'
import type { ListLayout } from './list-layout.ts'
import { hasEnded, hasFiles, type TaskActions } from './row-actions.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { Signal } from './signal.tsx'
import { TaskImages } from './task-images.tsx'
import { TaskTable } from './task-table.tsx'
import { Toolbar } from './toolbar.tsx'
import { type Selection, useSelection } from './use-selection.ts'
import { useTaskActions } from './use-task-actions.ts'

export interface TaskListScreenProps extends ListHeaderProps, Omit<TaskActions, 'onSelect'> {
  readonly entries: readonly TrackedTask[]
  readonly ledger: readonly LedgerRow[]
  readonly view: ListQuery
  readonly onView: (view: ListQuery) => void
  /** URL of the list with that query. */
  readonly hrefOf: (view: ListQuery) => string
  readonly layout: ListLayout
  readonly onLayout: (layout: ListLayout) => void
  /** Tasks of a list link that was opened; null for none. */
  readonly linked: readonly TaskId[] | null
  readonly onLinkDone: () => void
  readonly onAdd: (pasted: Pasted) => void
  /** Looks for tasks whose IDs are lost. */
  readonly onFind: () => void
  readonly polling: PollingState
  readonly underWay: ReadonlySet<string>
  readonly nextAt: number | null
  readonly away: Absence | null
  readonly onDismissAway: () => void
  /** Storage problems. */
  readonly notices: ReactNode
  /** Link to the sandbox, if the server has one; shown while the list is empty. */
  readonly sandbox: ReactNode
  /** Content below the list. */
  readonly children: ReactNode
}

/** The list, from props alone. */
export function TaskListScreen(props: TaskListScreenProps) {
  const { entries, notices, children } = props
  const filled = entries.length > 0
  return (
    <>
      <Part>
        <Linked {...props} />
      </Part>
      <Part>{notices}</Part>
      {filled ? (
        <Part>
          <Filled {...props} />
        </Part>
      ) : (
        <>
          <title>Tasks · Loupe</title>
          <EmptyList onAddById={props.onAddById} onFind={props.onFind}>
            {props.sandbox}
          </EmptyList>
        </>
      )}
      <Part>{children}</Part>
    </>
  )
}

function Linked({ entries, linked, onAdd, onLinkDone }: TaskListScreenProps) {
  const ids = useMemo(() => new Set(entries.map(({ id }) => id)), [entries])
  if (linked === null) return null
  return (
    <div className="mb-4">
      <LinkNotice
        ids={linked}
        has={(id) => ids.has(id)}
        onAdd={() => {
          onAdd({ ...NOTHING_PASTED, ids: linked })
          onLinkDone()
        }}
        onCancel={onLinkDone}
      />
    </div>
  )
}

function Filled(props: TaskListScreenProps) {
  const { entries, view, onView, layout, away } = props
  const shown = useReading(shownBy, entries, view)
  const selection = useSelection(shown)
  const actions = useTaskActions({ ...props, onSelect: selection.toggle })
  const { models, labels } = useMemo(() => facets(entries), [entries])
  const all = useMemo(() => entriesById(entries), [entries])
  const content = { entries: shown, selection, checking: props.underWay, actions }
  return (
    <section aria-label="Tasks" className="@container">
      <Part failed={() => null}>
        <Signal entries={entries} away={away} />
      </Part>
      <ListHeader {...props} />
      {away?.back === true ? (
        <Part>
          <Digested {...props} away={away} onDismiss={props.onDismissAway} />
        </Part>
      ) : null}
      <div className="mt-3 flex min-h-10 flex-col gap-x-4 gap-y-2 lg:flex-row lg:items-center lg:justify-between">
        <Part>
          {selection.some ? (
            <Selected {...props} shown={shown} selection={selection} />
          ) : (
            <Filters {...props} />
          )}
          {/* On a phone it stays, so that no row moves below the finger that selects it. */}
          <div className={selection.some ? 'lg:hidden' : 'contents'}>
            <Toolbar
              view={view}
              onView={(change) => onView({ ...view, ...change })}
              models={models}
              labels={labels}
              layout={layout}
              onLayout={props.onLayout}
            />
          </div>
        </Part>
      </div>
      <div className="mt-3">
        {shown.length === 0 ? (
          <NoMatch onClear={() => onView({ ...DEFAULT_QUERY, ...orderOf(view) })} />
        ) : layout === 'grid' ? (
          <TaskImages {...content} />
        ) : (
          <TaskTable
            {...content}
            all={all}
            view={view}
            onSort={(sort) => onView(sortedBy(view, sort))}
          />
        )}
      </div>
      <Part>
        <ListFooter entries={entries} ledger={props.ledger} shown={shown.length} />
      </Part>
    </section>
  )
}

const orderOf = ({ sort, descending }: ListQuery) => ({ sort, descending })

/** A head sorts one way, then the other, then as tasks were added. */
function sortedBy(view: ListQuery, sort: Sort): ListQuery {
  const first = isDescendingFirst(sort)
  if (view.sort !== sort) return { ...view, sort, descending: first }
  return view.descending === first
    ? { ...view, descending: !first }
    : { ...view, ...orderOf(DEFAULT_QUERY) }
}

const NoMatch = ({ onClear }: { readonly onClear: () => void }) => (
  <div className="rounded-xl border border-line border-dashed px-5 py-10 text-center">
    <p className="text-muted">No tasks match.</p>
    <Button onClick={onClear} className="mt-3">
      Clear filters
    </Button>
  </div>
)

function Filters({ entries, view, onView }: TaskListScreenProps) {
  return (
    <FilterChips
      counts={useReading(countByFilter, entries)}
      selected={filterOf(view)}
      onSelect={(filter) => onView(withFilter(view, filter))}
    />
  )
}

interface SelectedProps extends TaskListScreenProps {
  readonly shown: readonly TrackedTask[]
  readonly selection: Selection
}

function Selected({ shown, selection, polling, ...props }: SelectedProps) {
  const selected = shown.filter(({ id }) => selection.ids.has(id))
  const ids = selected.map(({ id }) => id)
  const savable = selected.filter(hasFiles).map(({ id }) => id)
  const ended = selected.filter(hasEnded).map(({ id }) => id)
  const left = useReading(checksLeft, polling.quota)
  return (
    <SelectionBar
      count={ids.length}
      left={left}
      savable={savable.length}
      ended={ended.length}
      onCheck={() => props.onCheck(ids.slice(0, left ?? ids.length))}
      onSave={() => props.onSave(savable)}
      onAgain={() => props.onAgain(ended)}
      onShare={() => props.onShare(ids)}
      onLabel={() => props.onLabel(ids)}
      onRemove={() => props.onRemove(ids)}
      onClear={selection.clear}
    />
  )
}

function checksLeft(quota: Quota, now: number) {
  const { left, nextAt, blockedUntil } = quotaStatus(quota, now)
  return { value: left, changesAt: blockedUntil ?? nextAt }
}

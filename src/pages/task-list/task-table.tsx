// biome-ignore-all lint/a11y/useSemanticElements: the parts of a <table> can neither be drawn in part nor become cards
// biome-ignore-all lint/a11y/useFocusableInteractive: a row is the stop of the keyboard, as the ARIA pattern of a grid allows

import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { againText } from '../../tasks/again-text.ts'
import type { ListQuery, Sort } from '../../tasks/list-query.ts'
import { groupOf, mayRun } from '../../tasks/task-group.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { noPart, Part } from '../../ui/part.tsx'
import { COLUMNS, type Column, GRID } from './columns.ts'
import type { TaskActions } from './row-actions.tsx'
import { TaskCells } from './task-row.tsx'
import { useGridKeys } from './use-grid-keys.ts'
import { useLongPress } from './use-long-press.ts'
import { usePlaceInPage } from './use-place-in-page.ts'
import type { Selection } from './use-selection.ts'

export interface TaskTableProps {
  /** Visible tasks, in order. */
  readonly entries: readonly TrackedTask[]
  /** All tasks of the list, by ID. */
  readonly all: ReadonlyMap<TaskId, TrackedTask>
  readonly view: ListQuery
  readonly selection: Selection
  /** Tasks being checked. */
  readonly checking: ReadonlySet<string>
  readonly actions: TaskActions
  readonly onSort: (sort: Sort) => void
}

/** Estimated heights in rem, close to the measured ones. */
const ROW_REM = 4.3125
const CARD_REM = 5.0625
/** As in theme.css. */
const TABLE_REM = 62
const showsCards = (width: number, rem: number): boolean => width < TABLE_REM * rem
/** Rows rendered beyond either edge, so that fast scrolling shows no blank area. */
const OVERSCAN = 16

/** All tasks as a grid (ARIA 1.2, grid) with one Tab stop. Renders only rows near the window. */
export function TaskTable(props: TaskTableProps) {
  const { entries, all, view, selection, checking, actions, onSort } = props
  const box = useRef<HTMLDivElement>(null)
  const { top, rem, width: isCards } = usePlaceInPage(box, false, showsCards)
  const keys = useGridKeys({ ...props, scrollTo: (index) => rows.scrollToIndex(index) })
  const rows = useWindowVirtualizer<HTMLDivElement>({
    count: entries.length,
    estimateSize: () => (isCards ? CARD_REM : ROW_REM) * rem,
    getItemKey: (index) => entries[index]?.id ?? index,
    overscan: OVERSCAN,
    scrollMargin: top,
    // The active row stays rendered, so that scrolling it away does not lose the focus.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const from = Math.max(0, startIndex - overscan)
      const to = Math.min(count - 1, endIndex + overscan)
      const near = Array.from({ length: to - from + 1 }, (_, n) => from + n)
      return keys.active < from || keys.active > to ? [...near, keys.active] : near
    },
  })
  // Another layout has other heights. Those of rows that are there are read again, against the new
  // guesses (which getTotalSize makes): what equals the old height would be taken for no change.
  // biome-ignore lint/correctness/useExhaustiveDependencies: measures again when the layout changes
  useEffect(() => {
    rows.measure()
    rows.getTotalSize()
    for (const row of rows.elementsCache.values()) rows.measureElement(row)
  }, [isCards, rem])

  return (
    <div
      role="grid"
      aria-label="Tasks"
      aria-rowcount={entries.length + 1}
      aria-colcount={COLUMNS.length + 3}
      aria-multiselectable
      data-selecting={selection.some ? '' : undefined}
      className="@container overflow-clip rounded-xl border border-line bg-surface"
      onKeyDown={keys.onKeyDown}
    >
      <div role="rowgroup" className="sticky top-0 z-20 @max-table:sr-only">
        <div
          role="row"
          aria-rowindex={1}
          tabIndex={-1}
          className={`${GRID} min-h-10 rounded-t-xl border-b border-line bg-surface px-4 text-xs font-medium text-muted`}
        >
          <div role="columnheader">
            <label className="-m-3 flex size-11 cursor-pointer items-center justify-center">
              <input
                type="checkbox"
                checked={selection.all}
                ref={(element) => {
                  if (element !== null) element.indeterminate = selection.some && !selection.all
                }}
                onChange={selection.toggleAll}
                aria-label="Select all"
                className="size-4 accent-accent"
              />
            </label>
          </div>
          <div role="columnheader">
            <span className="sr-only">Image</span>
          </div>
          {COLUMNS.map((column) => (
            <Header key={column.label} {...column} view={view} onSort={onSort} />
          ))}
          <div role="columnheader">
            <span className="sr-only">Actions</span>
          </div>
        </div>
      </div>
      <div ref={box} role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start, key }) => {
          const entry = entries[index]
          if (entry === undefined) return null
          return (
            <Row
              key={key}
              ref={rows.measureElement}
              index={index}
              entry={entry}
              again={againText(entry, all)}
              selected={selection.ids.has(entry.id)}
              checking={checking.has(entry.id)}
              actions={actions}
              isStop={index === keys.active}
              onActive={keys.activate}
              top={start - top}
            />
          )
        })}
      </div>
    </div>
  )
}

interface RowProps {
  readonly again: string | null
  readonly ref: (element: HTMLDivElement | null) => void
  readonly index: number
  readonly entry: TrackedTask
  readonly selected: boolean
  readonly checking: boolean
  readonly actions: TaskActions
  /** Whether it is the Tab stop. */
  readonly isStop: boolean
  readonly onActive: (index: number) => void
  /** Distance from the first row in pixels. */
  readonly top: number
}

function Row({ ref, index, isStop, onActive, top, ...cells }: RowProps) {
  const { entry, selected, actions } = cells
  const press = useLongPress(() => actions.onSelect(entry, false))
  return (
    <div
      {...press}
      ref={ref}
      role="row"
      data-index={index}
      data-running={mayRun(groupOf(entry)) ? '' : undefined}
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={isStop ? 0 : -1}
      onFocus={() => onActive(index)}
      className={`group/task absolute inset-x-0 top-0 border-line -outline-offset-2 not-last:border-b pointer-coarse:select-none pointer-coarse:[-webkit-touch-callout:none] ${selected ? 'bg-accent-soft' : 'hover:bg-page'}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <Part failed={noCells}>
        <TaskCells {...cells} />
      </Part>
    </div>
  )
}

/** A row that failed to render keeps its place. */
const noCells = (retry: () => void) => <div role="gridcell">{noPart(retry)}</div>

interface HeaderProps extends Column {
  readonly view: ListQuery
  readonly onSort: (sort: Sort) => void
}

function Header({ label, sort, alignRight, isIndented, view, onSort }: HeaderProps) {
  const sorted = view.sort === sort
  const Arrow = view.descending ? ArrowDown : ArrowUp
  return (
    <div
      role="columnheader"
      aria-sort={sorted ? (view.descending ? 'descending' : 'ascending') : undefined}
      className={alignRight ? 'text-right' : isIndented ? 'pl-3' : ''}
    >
      <button
        type="button"
        onClick={() => onSort(sort)}
        className={`inline-flex min-h-7 min-w-7 items-center gap-1 rounded-sm hover:text-ink ${sorted ? 'text-ink' : ''} ${alignRight ? 'flex-row-reverse' : ''}`}
      >
        {label}
        {sorted ? <Arrow size={13} /> : null}
      </button>
    </div>
  )
}

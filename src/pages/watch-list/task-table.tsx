// biome-ignore-all lint/a11y/useSemanticElements: the parts of a <table> can neither be drawn in part nor become cards
// biome-ignore-all lint/a11y/useFocusableInteractive: a row is the stop of the keyboard, as the ARIA pattern of a grid allows

import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { onResize } from '../../lib/browser/resize.ts'
import type { TaskId } from '../../upscayl/task-id.ts'
import type { Entry } from '../../watchlist/entry.ts'
import type { Sort, View } from '../../watchlist/view.ts'
import { COLUMNS, GRID } from './columns.ts'
import { TaskCells } from './task-row.tsx'
import { useGridKeys } from './use-grid-keys.ts'
import type { Selection } from './use-selection.ts'

export interface TaskTableProps {
  /** Those that are shown, in their order. */
  readonly entries: readonly Entry[]
  readonly view: View
  readonly selection: Selection
  /** Tasks that are being asked. */
  readonly asking: ReadonlySet<string>
  readonly onSort: (sort: Sort) => void
  readonly onOpen: (id: TaskId) => void
  readonly onRemove: (ids: readonly TaskId[]) => void
}

/** Heights in rem, as good a guess as the rows' own measure takes to be right. */
const ROW_REM = 4.0625
const CARD_REM = 7.6
const TABLE_REM = 72
/** Rows beyond either edge, so that a fast scroll meets no empty place. */
const OVERSCAN = 16

/** All tasks as a grid (ARIA 1.2, grid): one stop of Tab, arrows within. Only what is near the window is drawn. */
export function TaskTable(props: TaskTableProps) {
  const { entries, view, selection, asking, onSort } = props
  const box = useRef<HTMLDivElement>(null)
  const [layout, setLayout] = useState({ top: 0, rem: 16, cards: false })

  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const measure = () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
      const top = element.getBoundingClientRect().top + scrollY
      const cards = element.clientWidth < TABLE_REM * rem
      setLayout((was) =>
        was.top === top && was.rem === rem && was.cards === cards ? was : { top, rem, cards },
      )
    }
    measure()
    // What stands above the rows moves them without a change of their own size.
    return onResize([element, document.body], measure)
  }, [])

  const keys = useGridKeys({ ...props, scrollTo: (index) => rows.scrollToIndex(index) })
  const rows = useWindowVirtualizer<HTMLDivElement>({
    count: entries.length,
    estimateSize: () => (layout.cards ? CARD_REM : ROW_REM) * layout.rem,
    getItemKey: (index) => entries[index]?.id ?? index,
    overscan: OVERSCAN,
    scrollMargin: layout.top,
    // The active row stays, so that the focus is not lost when it is scrolled away.
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
  }, [layout.cards, layout.rem])

  return (
    <div
      role="grid"
      aria-label="Tasks"
      aria-rowcount={entries.length + 1}
      aria-colcount={COLUMNS.length + 2}
      aria-multiselectable
      className="@container rounded-xl border border-line bg-surface"
      onKeyDown={keys.onKeyDown}
    >
      <div role="rowgroup" className="@max-table:sr-only">
        <div
          role="row"
          aria-rowindex={1}
          tabIndex={-1}
          className={`${GRID} min-h-10 border-b border-line px-4 text-xs font-medium text-muted`}
        >
          <div role="columnheader">
            <label className="-m-2.5 flex size-11 cursor-pointer items-center justify-center">
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
            <span className="sr-only">Picture</span>
          </div>
          {COLUMNS.map((column) => (
            <Header key={column.label} {...column} view={view} onSort={onSort} />
          ))}
        </div>
      </div>
      <div ref={box} role="rowgroup" className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start, key }) => {
          const entry = entries[index]
          if (entry === undefined) return null
          const selected = selection.ids.has(entry.id)
          return (
            <div
              key={key}
              ref={rows.measureElement}
              role="row"
              data-index={index}
              aria-rowindex={index + 2}
              aria-selected={selected}
              tabIndex={index === keys.active ? 0 : -1}
              onFocus={() => keys.activate(index)}
              className={`absolute inset-x-0 top-0 border-line -outline-offset-2 not-last:border-b hover:bg-sunken ${selected ? 'bg-accent-soft' : ''}`}
              style={{ transform: `translateY(${start - layout.top}px)` }}
            >
              <TaskCells
                entry={entry}
                selected={selected}
                asking={asking.has(entry.id)}
                onSelect={selection.toggle}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface HeaderProps {
  readonly label: string
  readonly sort: Sort
  readonly alignRight?: boolean
  readonly view: View
  readonly onSort: (sort: Sort) => void
}

function Header({ label, sort, alignRight, view, onSort }: HeaderProps) {
  const sorted = view.sort === sort
  const Arrow = view.descending ? ArrowDown : ArrowUp
  return (
    <div
      role="columnheader"
      aria-sort={sorted ? (view.descending ? 'descending' : 'ascending') : undefined}
      className={alignRight ? 'text-right' : ''}
    >
      <button
        type="button"
        onClick={() => onSort(sort)}
        className={`inline-flex min-h-7 min-w-7 items-center gap-1 rounded-sm hover:text-ink ${sorted ? 'text-ink' : ''} ${alignRight ? 'flex-row-reverse' : ''}`}
      >
        {label}
        {sorted ? <Arrow aria-hidden size={13} /> : null}
      </button>
    </div>
  )
}

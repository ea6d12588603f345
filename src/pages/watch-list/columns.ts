import type { Sort } from '../../watchlist/view.ts'

interface Column {
  readonly label: string
  readonly sort: Sort
  readonly alignRight?: boolean
}

/** The columns in their order; GRID has a track for each. */
export const COLUMNS: readonly Column[] = [
  { label: 'Task', sort: 'name' },
  { label: 'Status', sort: 'status' },
  { label: 'Progress', sort: 'progress' },
  { label: 'Model, scale', sort: 'model' },
  { label: 'Credits', sort: 'credits', alignRight: true },
  { label: 'Files', sort: 'files', alignRight: true },
  { label: 'Expires', sort: 'expires' },
  { label: 'Checked', sort: 'checked' },
]

/** A card of a few lines; from the width `table` on (theme.css), one line with a track for each column. */
export const GRID =
  'relative grid grid-cols-[2.75rem_minmax(0,1fr)_2rem] items-center gap-x-3 gap-y-1.5 @table:grid-cols-[1.5rem_2.75rem_minmax(12rem,1fr)_9rem_7.5rem_10rem_4rem_2.5rem_7.5rem_6rem]'

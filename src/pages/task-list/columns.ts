import type { Sort } from '../../tasks/list-query.ts'

export interface Column {
  readonly label: string
  readonly sort: Sort
  readonly alignRight?: boolean
  /** Farther from the numbers before it. */
  readonly isIndented?: boolean
}

/** Columns in order; GRID has a track for each, after the checkbox and the image. */
export const COLUMNS: readonly Column[] = [
  { label: 'Task', sort: 'name' },
  { label: 'Status', sort: 'status' },
  { label: 'Settings', sort: 'model' },
  { label: 'Credits', sort: 'credits', alignRight: true },
  { label: 'Expires', sort: 'expires', isIndented: true },
]

/** A card of two lines; from width `table` on (theme.css), one line with a track per column. */
export const GRID =
  'relative grid grid-cols-[4rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 @table:grid-cols-[1.25rem_3.25rem_minmax(9rem,1fr)_14rem_10.5rem_5.5rem_5rem_6.75rem]'

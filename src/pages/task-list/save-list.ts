import { download } from '../../downloads/file-system.ts'
import { exportList } from '../../tasks/export-list.ts'
import { type LedgerRow, ledgerCsv } from '../../tasks/ledger.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'

/** Saves the stored list to a file, which `Add` can read in another browser. */
export function saveList(entries: readonly TrackedTask[]): void {
  download(new Blob([exportList(entries)], { type: 'application/json' }), 'loupe-list.json')
}

/** Saves the tasks' credits as a spreadsheet. */
export function saveLedger(rows: readonly LedgerRow[]): void {
  download(new Blob([ledgerCsv(rows)], { type: 'text/csv' }), 'loupe-credits.csv')
}

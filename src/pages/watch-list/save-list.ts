import { download } from '../../files/disk.ts'
import type { Entry } from '../../watchlist/entry.ts'

/* Both are loaded when they are asked for: few people export at all. */

/** Saves all that is remembered, to be read by `Add` in another browser. */
export async function saveList(entries: readonly Entry[]): Promise<void> {
  const { exportList } = await import('../../watchlist/export-list.ts')
  download(new Blob([exportList(entries)], { type: 'application/json' }), 'loupe-list.json')
}

/** Saves what is known of the tasks' credits, for a spreadsheet. */
export async function saveLedger(entries: readonly Entry[]): Promise<void> {
  const { ledgerCsv, ledgerOf } = await import('../../watchlist/ledger.ts')
  download(new Blob([ledgerCsv(ledgerOf(entries))], { type: 'text/csv' }), 'loupe-credits.csv')
}

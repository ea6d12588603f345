import type { Database } from '../database.ts'
import type { ObjectStorage } from './cloudflare-types.ts'

/** A separate table, because PRAGMA user_version is not allowed here. */
const VERSION = `
  CREATE TABLE IF NOT EXISTS schema_versions (
    part    TEXT PRIMARY KEY,
    version INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID
`

/**
 * One `part` of a Durable Object's database: see openDatabase. It migrates to the newest schema on
 * first use: made-up keys create objects too, and most of those store nothing.
 */
export function openObjectDatabase(
  storage: ObjectStorage,
  part: string,
  migrations: readonly string[],
): Database {
  const { sql, transactionSync } = storage
  const transaction = <T>(work: () => T): T => transactionSync.call(storage, work) as T
  const exec = <Row>(text: string, ...values: (string | number | null)[]) =>
    sql.exec(text, ...values).toArray() as Row[]
  let isOpen = false
  const all = <Row>(text: string, ...values: (string | number | null)[]) => {
    if (!isOpen) open()
    return exec<Row>(text, ...values)
  }
  const get = <Row>(text: string, ...values: (string | number | null)[]) =>
    all<Row>(text, ...values)[0]

  function open(): void {
    transaction(() => {
      exec(VERSION)
      const [row] = exec<{ version: number }>(
        'SELECT version FROM schema_versions WHERE part = ?',
        part,
      )
      const version = row?.version ?? 0
      if (version > migrations.length) {
        throw new Error(`The storage was written by a newer version (schema ${version}).`)
      }
      for (const step of migrations.slice(version)) exec(step)
      exec('INSERT OR REPLACE INTO schema_versions VALUES (?, ?)', part, migrations.length)
    })
    isOpen = true
  }

  return {
    all,
    get,
    run(text, ...values) {
      all(text, ...values)
      // Not the cursor's rowsWritten, which includes index rows.
      return get<{ changed: number }>('SELECT changes() AS changed')?.changed ?? 0
    },
    transaction,
    close: () => undefined,
  }
}

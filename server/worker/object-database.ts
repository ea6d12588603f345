import type { Database } from '../database.ts'
import type { ObjectStorage } from './runtime.ts'

/** A table of its own, for PRAGMA user_version is not allowed here. */
const VERSION = `
  CREATE TABLE IF NOT EXISTS schema_versions (
    part    TEXT PRIMARY KEY,
    version INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID
`

/**
 * The database of a Durable Object, one `part` of it: see openDatabase. It is brought to its newest
 * schema when it is first used: whoever makes up keys makes objects, and in most of them nothing is kept.
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
      // What the cursor counts are rows written, those of indexes with them.
      return get<{ changed: number }>('SELECT changes() AS changed')?.changed ?? 0
    },
    transaction,
    close: () => undefined,
  }
}

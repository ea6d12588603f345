import LibsqlDatabase from 'libsql'
import type { Database, Value } from '../database.ts'

export interface DatabaseOptions {
  /** Writes survive a power failure, not only a crash. Each change then waits for the disk. */
  readonly flushed?: boolean
}

const BUSY_TIMEOUT_MS = 5000

/**
 * Opens or creates the database and brings it to the newest schema with the `migrations` it has not
 * run yet. Throws on a database it can't use.
 */
export function openDatabase(
  path: string,
  migrations: readonly string[],
  { flushed = false }: DatabaseOptions = {},
): Database {
  const db = new LibsqlDatabase(path)
  try {
    db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
    db.pragma('journal_mode = WAL')
    db.pragma(`synchronous = ${flushed ? 'FULL' : 'NORMAL'}`)
    db.pragma('foreign_keys = ON')
    migrate(db, migrations)
  } catch (error) {
    db.close()
    throw error
  }
  const all: Database['all'] = <Row>(sql: string, ...values: Value[]) =>
    db.prepare(sql).all(...values) as Row[]
  return {
    all,
    get: <Row>(sql: string, ...values: Value[]) => all<Row>(sql, ...values)[0],
    run: (sql, ...values) => db.prepare(sql).run(...values).changes,
    transaction: <T>(work: () => T) => db.transaction(work).immediate() as T,
    close: () => {
      // libsql finalizes statements late, which keeps SQLite's WAL open: empty it while we can.
      db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all()
      db.close()
    },
  }
}

function migrate(db: LibsqlDatabase.Database, migrations: readonly string[]): void {
  db.transaction(() => {
    const [row] = db.prepare('PRAGMA user_version').all() as { user_version: number }[]
    const version = row?.user_version ?? 0
    if (version > migrations.length) {
      throw new Error(`it was written by a newer version (schema ${version})`)
    }
    for (const step of migrations.slice(version)) db.exec(step)
    db.exec(`PRAGMA user_version = ${migrations.length}`)
  }).immediate()
}

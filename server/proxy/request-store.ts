import * as v from 'valibot'
import { STARTS_KEPT_MS } from '../../core/api/upload-limits.ts'
import type { Database } from '../database.ts'
import type { RequestStore, StoredResponse } from './idempotent-requests.ts'

/** One entry per version of the schema: append, never edit. */
export const START_MIGRATIONS = [
  `
  CREATE TABLE starts (
    id     TEXT PRIMARY KEY,
    answer TEXT NOT NULL,
    at     INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX starts_by_time ON starts (at);
  `,
] as const

const storedResponse: v.GenericSchema<unknown, StoredResponse> = v.nullable(
  v.object({
    status: v.pipe(v.number(), v.minValue(200), v.maxValue(599)),
    headers: v.array(v.tuple([v.string(), v.string()])),
    body: v.string(),
  }),
)

/** More than a day's worth, and little disk space. */
const MAX_STARTS = 20_000

/** Persistent store of task starts. Beyond `most`, evicts the oldest early. */
export function createRequestStore(
  db: Database,
  now: () => number,
  most = MAX_STARTS,
): RequestStore {
  function get(id: string): StoredResponse | undefined {
    const row = db.get<{ answer: string }>(
      'SELECT answer FROM starts WHERE id = ? AND at > ?',
      id,
      now() - STARTS_KEPT_MS,
    )
    if (row === undefined) return
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), storedResponse), row.answer)
    // An unreadable entry still proves that it was sent.
    return parsed.success ? parsed.output : null
  }

  function set(id: string, response: StoredResponse): void {
    db.run('INSERT OR REPLACE INTO starts VALUES (?, ?, ?)', id, JSON.stringify(response), now())
    db.run(
      'DELETE FROM starts WHERE id IN (SELECT id FROM starts ORDER BY at DESC LIMIT -1 OFFSET ?)',
      most,
    )
  }

  return {
    get,
    record: (id) =>
      // One transaction, so that of several processes on one folder only one sends it.
      db.transaction(() => {
        db.run('DELETE FROM starts WHERE at <= ?', now() - STARTS_KEPT_MS)
        const earlier = get(id)
        if (earlier === undefined) set(id, null)
        return earlier
      }),
    set,
    delete: (id) => void db.run('DELETE FROM starts WHERE id = ?', id),
  }
}

import * as v from 'valibot'
import type { Database } from '../database.ts'
import { KEPT_FOR, type KeptAnswer, type StartStore } from './starts.ts'

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

const keptAnswer: v.GenericSchema<unknown, KeptAnswer> = v.nullable(
  v.object({
    status: v.pipe(v.number(), v.minValue(200), v.maxValue(599)),
    headers: v.array(v.tuple([v.string(), v.string()])),
    body: v.string(),
  }),
)

/** As many as somebody's day has, and little of a disk. */
const MOST_STARTS = 20_000

/** Starts that outlive the process. Beyond `most`, those noted longest ago leave earlier. */
export function createStartStore(db: Database, now: () => number, most = MOST_STARTS): StartStore {
  function find(id: string): KeptAnswer | undefined {
    const row = db.get<{ answer: string }>(
      'SELECT answer FROM starts WHERE id = ? AND at > ?',
      id,
      now() - KEPT_FOR,
    )
    if (row === undefined) return
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), keptAnswer), row.answer)
    // That it was sent is known all the same.
    return parsed.success ? parsed.output : null
  }

  function keep(id: string, answer: KeptAnswer): void {
    db.run('INSERT OR REPLACE INTO starts VALUES (?, ?, ?)', id, JSON.stringify(answer), now())
    db.run(
      'DELETE FROM starts WHERE id IN (SELECT id FROM starts ORDER BY at DESC LIMIT -1 OFFSET ?)',
      most,
    )
  }

  return {
    find,
    note: (id) =>
      // One step, so that of several processes on one folder only one sends it.
      db.transaction(() => {
        db.run('DELETE FROM starts WHERE at <= ?', now() - KEPT_FOR)
        const earlier = find(id)
        if (earlier === undefined) keep(id, null)
        return earlier
      }),
    keep,
    forget: (id) => void db.run('DELETE FROM starts WHERE id = ?', id),
  }
}

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

/** Starts that outlive the process. */
export function createStartStore(db: Database, now: () => number): StartStore {
  return {
    find(id) {
      const row = db.get<{ answer: string }>(
        'SELECT answer FROM starts WHERE id = ? AND at > ?',
        id,
        now() - KEPT_FOR,
      )
      if (row === undefined) return
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), keptAnswer), row.answer)
      // That it was sent is known all the same.
      return parsed.success ? parsed.output : null
    },
    keep(id, answer) {
      db.run('DELETE FROM starts WHERE at <= ?', now() - KEPT_FOR)
      db.run('INSERT OR REPLACE INTO starts VALUES (?, ?, ?)', id, JSON.stringify(answer), now())
    },
    forget: (id) => void db.run('DELETE FROM starts WHERE id = ?', id),
  }
}

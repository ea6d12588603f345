import * as v from 'valibot'
import { DAY } from '../../src/lib/units.ts'
import { recordSchema } from '../../src/polling/record-schema.ts'
import type { Database } from '../database.ts'
import type { KeptAnswer, Remembered, TaskStore } from './remembered.ts'

/** One entry per version of the schema: append, never edit. */
export const TASK_MIGRATIONS = [
  `
  CREATE TABLE tasks (
    id         TEXT PRIMARY KEY,
    remembered TEXT NOT NULL,
    at         INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX tasks_by_time ON tasks (at);
  `,
] as const

/** It holds links to files, so it is kept no longer than somebody is likely to come back for them. */
const KEPT_FOR = 7 * DAY
const MOST_TASKS = 500

/** What one value of a Durable Object's database may have, with room. */
const LONGEST = 1_000_000

const answer: v.GenericSchema<unknown, KeptAnswer> = v.object({
  status: v.pipe(v.number(), v.minValue(200), v.maxValue(599)),
  contentType: v.nullable(v.string()),
  date: v.string(),
  body: v.string(),
  at: v.number(),
})

const kept = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ record: recordSchema, last: v.nullable(answer), told: v.nullable(answer) }),
)

/** What was told of tasks, where it has to outlive the memory of who asked. */
export function createTaskStore(db: Database, now: () => number): TaskStore {
  return {
    find(taskId) {
      const row = db.get<{ remembered: string }>(
        'SELECT remembered FROM tasks WHERE id = ? AND at > ?',
        taskId,
        now() - KEPT_FOR,
      )
      const parsed = v.safeParse(kept, row?.remembered)
      return parsed.success ? { ...parsed.output, wantedAt: now() } : null
    },
    keep(taskId, { record, last, told }: Remembered) {
      const text = JSON.stringify({ record, last, told })
      db.run('DELETE FROM tasks WHERE at <= ? OR id = ?', now() - KEPT_FOR, taskId)
      if (text.length > LONGEST) return
      db.run('INSERT INTO tasks VALUES (?, ?, ?)', taskId, text, now())
      db.run(
        'DELETE FROM tasks WHERE id IN (SELECT id FROM tasks ORDER BY at DESC LIMIT -1 OFFSET ?)',
        MOST_TASKS,
      )
    },
  }
}

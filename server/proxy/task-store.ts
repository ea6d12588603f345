import * as v from 'valibot'
import { DAY } from '../../core/lib/units.ts'
import { recordSchema } from '../../core/record/task-record.ts'
import type { Database } from '../database.ts'
import type { CachedResponse, CachedStatus, TaskStore } from './cached-status.ts'

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

/** Entries contain links to files, so they are kept only as long as someone may come back for those. */
const KEPT_FOR = 7 * DAY
const MAX_TASKS = 500

/** Below the maximum value size of a Durable Object's database. */
const MAX_LENGTH = 1_000_000

const storedResponse: v.GenericSchema<unknown, CachedResponse> = v.object({
  status: v.pipe(v.number(), v.minValue(200), v.maxValue(599)),
  contentType: v.nullable(v.string()),
  date: v.string(),
  body: v.string(),
  at: v.number(),
})

/** `last` and `told` are the names of the stored format, which earlier versions wrote too. */
const storedStatus = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    record: recordSchema,
    last: v.nullable(storedResponse),
    told: v.nullable(storedResponse),
  }),
)

/** Persistent store of task statuses, for caches that don't stay in memory. */
export function createTaskStore(db: Database, now: () => number): TaskStore {
  return {
    get(taskId) {
      const row = db.get<{ remembered: string }>(
        'SELECT remembered FROM tasks WHERE id = ? AND at > ?',
        taskId,
        now() - KEPT_FOR,
      )
      const parsed = v.safeParse(storedStatus, row?.remembered)
      if (!parsed.success) return null
      const { record, last, told } = parsed.output
      return { record, lastResponse: last, lastSuccess: told, requestedAt: now() }
    },
    set(taskId, { record, lastResponse, lastSuccess }: CachedStatus) {
      const text = JSON.stringify({ record, last: lastResponse, told: lastSuccess })
      db.run('DELETE FROM tasks WHERE at <= ? OR id = ?', now() - KEPT_FOR, taskId)
      if (text.length > MAX_LENGTH) return
      db.run('INSERT INTO tasks VALUES (?, ?, ?)', taskId, text, now())
      db.run(
        'DELETE FROM tasks WHERE id IN (SELECT id FROM tasks ORDER BY at DESC LIMIT -1 OFFSET ?)',
        MAX_TASKS,
      )
    },
  }
}

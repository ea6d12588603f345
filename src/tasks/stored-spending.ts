import * as v from 'valibot'
import { instant, scaleSchema } from '../../core/api/task.ts'
import { type TaskId, taskIdSchema } from '../../core/api/task-id.ts'
import { ANOMALIES } from '../../core/record/task-record.ts'
import type { LedgerRow } from './ledger.ts'

/* Credits of removed tasks, as they are stored. */

/** Increases with each change of the stored format. */
const VERSION = 1
/** Rows of one key; the oldest deductions are dropped. */
export const MAX_SPENT = 10_000

const text = v.nullable(v.string())

const schema = v.object({
  version: v.literal(VERSION),
  taskId: taskIdSchema,
  name: text,
  model: text,
  scale: scaleSchema,
  amount: v.nullable(v.pipe(v.number(), v.minValue(0))),
  state: v.picklist(['deducted', 'outstanding', 'unknown']),
  at: v.nullable(instant),
  requestNumber: v.nullable(v.number()),
  anomalies: v.pipe(v.array(v.picklist(ANOMALIES)), v.maxLength(ANOMALIES.length)),
})

export const toStoredRow = (row: LedgerRow): object => ({ version: VERSION, ...row })

/** The rows by task, and the tasks whose rows are too many. Unreadable rows stay where they are. */
export function readSpent(stored: readonly unknown[]): {
  readonly spent: ReadonlyMap<TaskId, LedgerRow>
  readonly surplus: readonly TaskId[]
} {
  const rows = stored.flatMap((value): LedgerRow[] => {
    const parsed = v.safeParse(schema, value)
    if (!parsed.success) return []
    const { version: _, ...row } = parsed.output
    return [row]
  })
  rows.sort((a, b) => (b.at ?? 0) - (a.at ?? 0))
  return {
    spent: new Map(rows.slice(0, MAX_SPENT).map((row) => [row.taskId, row])),
    surplus: rows.slice(MAX_SPENT).map(({ taskId }) => taskId),
  }
}

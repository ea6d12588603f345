import { type Credits, type Scale, TASK_RULES } from '../../core/api/task.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { ANOMALY_TEXT } from '../../core/record/anomaly-text.ts'
import type { Anomaly } from '../../core/record/task-record.ts'
import { formatCsv } from '../lib/csv.ts'
import { taskName } from './task-title.ts'
import type { TrackedTask } from './tracked-task.ts'

/** Credits of one task. */
export interface LedgerRow {
  readonly taskId: TaskId
  readonly name: string | null
  /** ID as received. */
  readonly model: string | null
  readonly scale: Scale | null
  readonly amount: number | null
  /** As last reported by the API. If a deduction was reversed, `at` still has its time. */
  readonly state: Credits['state']
  /** When the deduction was first seen, epoch milliseconds; null until then. */
  readonly at: number | null
  /** Number of the request that first showed it. */
  readonly requestNumber: number | null
  readonly anomalies: readonly Anomaly[]
}

/**
 * Tasks with credit data: the newest deduction first, then those without one. `removed` are the rows of tasks
 * that have left the list, some of which may have been added again.
 */
export function ledgerOf(
  entries: readonly TrackedTask[],
  removed: ReadonlyMap<TaskId, LedgerRow> = new Map(),
): readonly LedgerRow[] {
  const rows = new Map(removed)
  for (const entry of entries) {
    const row = ledgerRowOf(entry)
    if (row !== null) rows.set(entry.id, joined(row, removed.get(entry.id)))
  }
  return [...rows.values()].sort((a, b) => (b.at ?? NEVER) - (a.at ?? NEVER) || 0)
}

/** Earlier than any time. */
const NEVER = Number.NEGATIVE_INFINITY

/** One row of two for the same task: the deduction was made when it was first seen. */
function joined(row: LedgerRow, removed: LedgerRow | undefined): LedgerRow {
  if (removed === undefined || removed.at === null) return row
  if (row.at !== null && row.at <= removed.at) return row
  const { at, requestNumber } = removed
  return {
    ...row,
    at,
    requestNumber,
    anomalies: [...new Set([...removed.anomalies, ...row.anomalies])],
  }
}

/** The row of a task, or null if nothing is known of its credits. */
export function ledgerRowOf(entry: TrackedTask): LedgerRow | null {
  const { task, deduction } = entry.record
  if (task === null) return deduction.at === null ? null : bare(entry)
  const { credits, settings, kind } = task
  const hasCredits = deduction.at !== null || TASK_RULES[kind].charged || (credits.amount ?? 0) > 0
  if (!hasCredits && credits.state !== 'deducted') return null
  const { model, scale } = settings
  return { ...bare(entry), name: taskName(entry), model, scale, ...credits }
}

/** When the first deduction was seen, epoch milliseconds; null for none, or if one has no time. */
export function spendingSince(rows: readonly LedgerRow[]): number | null {
  const deducted = rows.filter(wasDeducted)
  const times = deducted.flatMap(({ at }) => at ?? [])
  return times.length === 0 || times.length < deducted.length
    ? null
    : times.reduce((a, b) => Math.min(a, b))
}

const bare = ({ id, record: { deduction } }: TrackedTask): LedgerRow => ({
  taskId: id,
  name: null,
  model: null,
  scale: null,
  amount: null,
  state: 'unknown',
  at: deduction.at,
  requestNumber: deduction.requestNumber,
  anomalies: deduction.anomalies,
})

/** A deduction that was seen counts even if a later response reverses it. */
export const wasDeducted = ({ state, at }: LedgerRow): boolean =>
  at !== null || state === 'deducted'

export interface Totals {
  /** Sum of the seen deductions with a known amount. */
  readonly deducted: number
  /** Sum of the credits that were announced but never seen deducted. */
  readonly outstanding: number
  /** Number of rows in neither sum: unknown amount or deduction state. */
  readonly unknown: number
}

export function totals(rows: readonly LedgerRow[]): Totals {
  const sums = { deducted: 0, outstanding: 0, unknown: 0 }
  for (const row of rows) {
    const { amount, state } = row
    const column = wasDeducted(row) ? 'deducted' : state
    if (amount === null || column === 'unknown') sums.unknown++
    else sums[column] += amount
  }
  return sums
}

const HEADER = [
  'Task ID',
  'Name',
  'Model',
  'Scale',
  'Credits',
  'State',
  'Deduction first seen (UTC)',
  'Check #',
  'Anomalies',
] as const

/** Times are in ISO 8601. Unknown values are empty. */
export function ledgerCsv(rows: readonly LedgerRow[]): string {
  const data = rows.map(
    ({ taskId, name, model, scale, amount, state, at, requestNumber, anomalies }) => [
      taskId,
      name,
      model,
      scale?.kind === 'known' ? scale.factor : scale?.text,
      amount,
      state,
      at === null ? null : new Date(at).toISOString(),
      requestNumber,
      anomalies.map((it) => ANOMALY_TEXT[it]).join(' '),
    ],
  )
  return formatCsv([HEADER, ...data])
}

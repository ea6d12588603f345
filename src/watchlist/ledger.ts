import Papa from 'papaparse'
import type { Oddity } from '../polling/task-record.ts'
import { type Credits, type Scale, TASK_RULES } from '../upscayl/task.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import type { Entry } from './entry.ts'
import { nameOf } from './row.ts'

/** What is known of the credits of one task. */
export interface LedgerRow {
  readonly taskId: TaskId
  readonly name: string | null
  /** The id as it came. */
  readonly model: string | null
  readonly scale: Scale | null
  readonly amount: number | null
  /** As the API said last. Where a deduction was taken back, `at` still tells of it. */
  readonly state: Credits['state']
  /** When the deduction was first seen, epoch milliseconds; null while it was not. */
  readonly at: number | null
  /** The number of the question that first showed it. */
  readonly question: number | null
  readonly odd: readonly Oddity[]
}

/** The tasks that have something to say of credits: the newest deduction first, then those without one. */
export const ledgerOf = (entries: readonly Entry[]): readonly LedgerRow[] =>
  entries
    .flatMap(rowOf)
    .sort((a, b) => (b.at ?? Number.NEGATIVE_INFINITY) - (a.at ?? Number.NEGATIVE_INFINITY) || 0)

function rowOf(entry: Entry): LedgerRow[] {
  const { task, receipt } = entry.record
  if (task === null) return receipt.at === null ? [] : [bare(entry)]
  const { credits, settings, kind } = task
  const speaks = receipt.at !== null || TASK_RULES[kind].charged || (credits.amount ?? 0) > 0
  if (!speaks && credits.state !== 'deducted') return []
  const { model, scale } = settings
  return [{ ...bare(entry), name: nameOf(entry), model, scale, ...credits }]
}

const bare = ({ id, record: { receipt } }: Entry): LedgerRow => ({
  taskId: id,
  name: null,
  model: null,
  scale: null,
  amount: null,
  state: 'unknown',
  at: receipt.at,
  question: receipt.question,
  odd: receipt.odd,
})

/** A deduction that was seen stays one, also where a later answer takes it back. */
export const wasDeducted = ({ state, at }: LedgerRow): boolean =>
  at !== null || state === 'deducted'

export interface Totals {
  /** Of the deductions that were seen, the sum of those whose amount is known. */
  readonly deducted: number
  /** Of the tasks whose credits are announced but were never seen deducted. */
  readonly outstanding: number
  /** Rows that no sum has in it: their amount is unknown, or whether it was deducted. */
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

const ODD_WORDS = {
  'amount-changed': 'The amount changed after it was deducted',
  'flag-went-back': 'Said to be deducted, then not',
  'charged-though-failed': 'Deducted though the task failed',
  'other-than-announced': 'Another amount than was announced at the start',
} as const satisfies Record<Oddity, string>

const HEADER = [
  'Task id',
  'Name',
  'Model',
  'Scale',
  'Credits',
  'State',
  'First seen deducted (UTC)',
  'At question',
  'Oddities',
] as const

/** What makes a spreadsheet run a cell as a formula (OWASP, CSV Injection), full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/

/** The rows as RFC 4180 has them, times in ISO 8601. What is not known is empty. */
export function ledgerCsv(rows: readonly LedgerRow[]): string {
  const data = rows.map(({ taskId, name, model, scale, amount, state, at, question, odd }) => [
    taskId,
    name,
    model,
    scale?.kind === 'known' ? scale.factor : scale?.text,
    amount,
    state,
    at === null ? null : new Date(at).toISOString(),
    question,
    odd.map((it) => ODD_WORDS[it]).join('; '),
  ])
  const csv = Papa.unparse([HEADER, ...data], { newline: '\r\n', escapeFormulae: FORMULA })
  return `${csv}\r\n`
}

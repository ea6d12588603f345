import type { Reading } from '../lib/clock.ts'
import { startOfDay } from '../lib/day.ts'
import type { LedgerRow } from './ledger.ts'

/** Credits whose deduction was first seen on one day. */
export interface CreditDay {
  /** Midnight in this device's time zone, epoch milliseconds. */
  readonly start: number
  /** Of the known amounts. */
  readonly total: number
  /** By model ID as received; null for unknown. */
  readonly byModel: ReadonlyMap<string | null, number>
}

export interface CreditDays {
  /** Oldest first; the last is today. Includes days without a deduction. */
  readonly days: readonly CreditDay[]
  /** The models of these days, the most expensive first. */
  readonly models: readonly (string | null)[]
  /** Deductions of these days whose amount is not known. */
  readonly unknown: number
}

/** Credits spent on each of the last `count` days, up to that of `now`. */
export function creditDays(rows: readonly LedgerRow[], now: number, count = 14): CreditDays {
  const byDay = new Map<number, Map<string | null, number>>()
  for (let back = count - 1; back >= 0; back--) byDay.set(startOfDay(now, -back), new Map())
  const byModel = new Map<string | null, number>()
  let unknown = 0
  for (const { at, amount, model } of rows) {
    const day = at === null ? undefined : byDay.get(startOfDay(at))
    if (day === undefined) continue
    if (amount === null) {
      unknown++
      continue
    }
    add(day, model, amount)
    add(byModel, model, amount)
  }
  return {
    days: [...byDay].map(([start, models]) => ({ start, total: sum(models), byModel: models })),
    models: [...byModel]
      .sort(([a, x], [b, y]) => y - x || ((a ?? '') < (b ?? '') ? -1 : 1))
      .map(([model]) => model),
    unknown,
  }
}

const add = (sums: Map<string | null, number>, model: string | null, amount: number) =>
  sums.set(model, (sums.get(model) ?? 0) + amount)

const sum = (amounts: ReadonlyMap<unknown, number>): number =>
  [...amounts.values()].reduce((a, b) => a + b, 0)

export interface CreditsToday {
  /** Of the known amounts. */
  readonly total: number
  /** Deductions whose amount is not known. */
  readonly unknown: number
}

/** Credits spent since midnight; 0 again at the next midnight. */
export function creditsToday(rows: readonly LedgerRow[], now: number): Reading<CreditsToday> {
  const { days, unknown } = creditDays(rows, now, 1)
  return { value: { total: days[0]?.total ?? 0, unknown }, changesAt: startOfDay(now, 1) }
}

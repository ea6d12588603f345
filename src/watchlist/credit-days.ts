import type { Reading } from '../lib/clock.ts'
import { startOfDay } from '../lib/day.ts'
import type { Entry } from './entry.ts'

/** The credits that were first seen deducted on one day. */
export interface CreditDay {
  /** Its midnight on this device, epoch milliseconds. */
  readonly start: number
  /** Of the known amounts. */
  readonly total: number
  /** By the id of the model as it came; null where that is unknown. */
  readonly byModel: ReadonlyMap<string | null, number>
}

export interface CreditDays {
  /** The oldest first; the last is today. Days without a deduction are there too. */
  readonly days: readonly CreditDay[]
  /** The models of these days, the dearest first. */
  readonly models: readonly (string | null)[]
  /** Deductions of these days whose amount is not known. */
  readonly unknown: number
}

/** What was spent on each of the last `count` days, up to that of `now`. */
export function creditDays(entries: readonly Entry[], now: number, count = 14): CreditDays {
  const byDay = new Map<number, Map<string | null, number>>()
  for (let back = count - 1; back >= 0; back--) byDay.set(startOfDay(now, -back), new Map())
  const byModel = new Map<string | null, number>()
  let unknown = 0
  for (const { record } of entries) {
    const { at } = record.receipt
    const day = at === null ? undefined : byDay.get(startOfDay(at))
    if (day === undefined) continue
    const amount = record.task?.credits.amount ?? null
    if (amount === null) {
      unknown++
      continue
    }
    const model = record.task?.settings.model ?? null
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

/** What was spent since midnight. The next midnight it is 0 again. */
export function creditsToday(entries: readonly Entry[], now: number): Reading<CreditsToday> {
  const { days, unknown } = creditDays(entries, now, 1)
  return { value: { total: days[0]?.total ?? 0, unknown }, changesAt: startOfDay(now, 1) }
}

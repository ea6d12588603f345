import * as v from 'valibot'
import { jsonFormat } from '../../core/lib/parse-json.ts'
import type { Reading } from '../lib/clock.ts'
import { startOfDay } from '../lib/day.ts'
import { persistedPerKey } from '../session/persisted-per-key.ts'
import { creditsToday } from './credit-days.ts'
import type { LedgerRow } from './ledger.ts'
import { groupOf, mayRun } from './task-group.ts'
import type { TrackedTask } from './tracked-task.ts'

/*
 * A limit of the user's own for the credits of a day. Upscayl has none: Loupe keeps it by asking before
 * it starts a task that would pass it.
 */

export const MAX_CREDIT_LIMIT = 1_000_000

/** Credits a day; null for no limit. An object, since a store takes null for unreadable. */
export interface CreditLimit {
  readonly credits: number | null
}

const credits = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_CREDIT_LIMIT))

export const creditLimitOf = persistedPerKey<CreditLimit>(
  'credit-limit',
  { credits: null },
  jsonFormat(v.object({ credits: v.nullable(credits) })),
)

/** A whole number of credits; null if it is none. */
export function parseCreditLimit(text: string): number | null {
  const plain = text.trim()
  const limit = /^\d{1,9}$/.test(plain) ? Number(plain) : null
  return limit !== null && limit <= MAX_CREDIT_LIMIT ? limit : null
}

export interface DayCredits {
  /** Deducted since midnight. */
  readonly used: number
  /** Expected of tasks that run, or whose deduction was not seen yet. */
  readonly expected: number
}

/** Credits of today, of which tasks that end will turn the expected ones into used ones. */
export function creditsOfDay(
  entries: readonly TrackedTask[],
  rows: readonly LedgerRow[],
  now: number,
): Reading<DayCredits> {
  const { value, changesAt } = creditsToday(rows, now)
  const midnight = startOfDay(now)
  const expected = entries.reduce((sum, entry) => sum + expectedOf(entry, midnight), 0)
  return { value: { used: value.total, expected }, changesAt }
}

/** Credits that a task has not cost yet, and may still cost. */
function expectedOf(entry: TrackedTask, midnight: number): number {
  const { task, quotedCredits, deduction, endSeenAt } = entry.record
  if (deduction.at !== null || task?.credits.state === 'deducted') return 0
  const group = groupOf(entry)
  // A deduction that was not confirmed by the end of the day is that day's.
  const isOpen = mayRun(group) || (group === 'done' && (endSeenAt ?? 0) >= midnight)
  return isOpen ? task?.credits.amount || quotedCredits || 0 : 0
}

/** Whether starting tasks would pass the limit. `more`: their credits; null if unknown. */
export const passesLimit = (
  limit: number | null,
  { used, expected }: DayCredits,
  more: number | null,
): boolean =>
  limit !== null && (more === null ? used + expected >= limit : used + expected + more > limit)

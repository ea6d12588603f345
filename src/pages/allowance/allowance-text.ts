import type { Reading } from '../../lib/clock.ts'
import { formatClockTime, formatNumber } from '../../lib/format.ts'
import { type Allowance, standing } from '../../polling/budget.ts'

export interface AllowanceText {
  readonly short: string
  readonly long: string
}

/** What is left of the hour, in words. */
export function allowanceText(allowance: Allowance, now: number): Reading<AllowanceText> {
  const { left, nextAt, fullAt, blockedUntil } = standing(allowance, now)
  const changesAt = blockedUntil ?? nextAt
  if (blockedUntil !== null) {
    const short = `No questions until ${formatClockTime(blockedUntil)}`
    return { value: { short, long: `${short}: Upscayl asked for this wait.` }, changesAt }
  }
  if (left === null) {
    return { value: { short: 'No limit set', long: 'No limit is set for questions.' }, changesAt }
  }
  const short = `${formatNumber(left)} of ${formatNumber(allowance.limit ?? left)} left this hour`
  const next = left === 0 && nextAt !== null ? `, the next at ${formatClockTime(nextAt)}` : ''
  const full = fullAt === null ? '' : `, all back at ${formatClockTime(fullAt)}`
  return { value: { short: short + next, long: `${short}${next}${full}.` }, changesAt }
}

import type { Reading } from '../../lib/clock.ts'
import { formatClockTime, formatNumber } from '../../lib/format.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/units.ts'
import { type Allowance, standing } from '../../polling/budget.ts'

export interface AllowanceText {
  readonly short: string
  readonly long: string
}

/** What is left of the hour, or of the window that holds questions back, in words. */
export function allowanceText(allowance: Allowance, now: number): Reading<AllowanceText> {
  const { left, limit, windowMs, nextAt, fullAt, blockedUntil } = standing(allowance, now)
  const changesAt = blockedUntil ?? nextAt
  if (blockedUntil !== null) {
    const short = `No questions until ${formatClockTime(blockedUntil)}`
    return { value: { short, long: `${short}: Upscayl asked for this wait.` }, changesAt }
  }
  if (left === null) {
    return { value: { short: 'No limit set', long: 'No limit is set for questions.' }, changesAt }
  }
  const short = `${formatNumber(left)} of ${formatNumber(limit ?? left)} left ${windowWords(windowMs)}`
  const next = left === 0 && nextAt !== null ? `, the next at ${formatClockTime(nextAt)}` : ''
  const full = fullAt === null ? '' : `, all back at ${formatClockTime(fullAt)}`
  const long = `${short}${next}${full}.${loweredWords(allowance, limit)}`
  return { value: { short: short + next, long }, changesAt }
}

const WINDOWS: readonly (readonly [number, string])[] = [
  [SECOND, 'this second'],
  [MINUTE, 'this minute'],
  [HOUR, 'this hour'],
  [DAY, 'today'],
]

/** Servers often tell only when a window ends, so that its length is known to a few seconds. */
function windowWords(ms: number): string {
  const known = WINDOWS.find(([window]) => Math.abs(ms - window) <= window / 20)
  if (known !== undefined) return known[1]
  return ms < 2 * HOUR
    ? `in ${formatNumber(Math.ceil(ms / MINUTE))} min`
    : `in ${formatNumber(Math.ceil(ms / HOUR))} h`
}

/** After a 429 that came before all was used. */
const loweredWords = ({ limit, ceiling }: Allowance, shown: number | null): string =>
  ceiling !== null && limit !== null && shown === ceiling.limit && shown < limit
    ? ` Lowered from ${formatNumber(limit)} for now, since Upscayl limited this key early.`
    : ''

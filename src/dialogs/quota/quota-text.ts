import { DAY, HOUR, MINUTE, SECOND } from '../../../core/lib/units.ts'
import { type Quota, quotaStatus } from '../../../core/quota/quota.ts'
import type { Reading } from '../../lib/clock.ts'
import { formatClockTime, formatNumber, plural } from '../../lib/format.ts'

interface QuotaText {
  readonly text: string
  /** Why the limit is lower than the one that is set; null if it is not. */
  readonly lowered: string | null
}

/** Text for the requests left this hour, or in the window that currently blocks requests. */
export function quotaText(quota: Quota, now: number): Reading<QuotaText> {
  const { left, limit, windowMs, nextAt, fullAt, blockedUntil } = quotaStatus(quota, now)
  const changesAt = blockedUntil ?? nextAt
  const lowered = loweredText(quota, limit)
  if (blockedUntil !== null) {
    const text = `No checks left until ${formatClockTime(blockedUntil)} (requested by Upscayl).`
    return { value: { text, lowered }, changesAt }
  }
  if (left === null) {
    return { value: { text: 'No limit is set.', lowered }, changesAt }
  }
  const ratio = `${formatNumber(left)} of ${formatNumber(limit ?? left)} checks left${windowWords(windowMs)}`
  const next = left === 0 && nextAt !== null ? `, next at ${formatClockTime(nextAt)}` : ''
  const full = fullAt === null ? '' : `, full at ${formatClockTime(fullAt)}`
  return { value: { text: `${ratio}${next}${full}.`, lowered }, changesAt }
}

/** An hour is the rule, and needs no words. */
const WINDOWS: readonly (readonly [number, string])[] = [
  [SECOND, ' this second'],
  [MINUTE, ' this minute'],
  [HOUR, ''],
  [DAY, ' today'],
]

/** Servers often report only when a window ends, so its length is known to a few seconds. */
function windowWords(ms: number): string {
  const known = WINDOWS.find(([window]) => Math.abs(ms - window) <= window / 20)
  if (known !== undefined) return known[1]
  return ms < 2 * HOUR
    ? ` in ${formatNumber(Math.ceil(ms / MINUTE))} min`
    : ` in ${formatNumber(Math.ceil(ms / HOUR))} h`
}

/** After a 429 that came before the limit was reached. */
const loweredText = ({ limit, ceiling }: Quota, shown: number | null): string | null =>
  ceiling !== null && shown === ceiling.limit && (limit === null || shown < limit)
    ? `Upscayl limited this key earlier than expected. Loupe plans with ${plural(shown, 'check')}${limit === null ? '' : ` instead of ${formatNumber(limit)}`} for now.`
    : null

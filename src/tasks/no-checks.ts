import { type Quota, quotaStatus } from '../../core/quota/quota.ts'
import type { Reading } from '../lib/clock.ts'
import { formatClockTime } from '../lib/format.ts'

/** Why a check by hand would not be sent now; null if it would. */
export function noChecksText(quota: Quota, now: number): Reading<string | null> {
  const { left, nextAt, blockedUntil } = quotaStatus(quota, now)
  const at = blockedUntil ?? (left === 0 ? nextAt : null)
  return {
    value: at === null ? null : `No checks left until ${formatClockTime(at)}`,
    changesAt: at,
  }
}

import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../../core/lib/units.ts'
import {
  acquire,
  applyLimits,
  fullQuota,
  onRateLimited,
  type Quota,
} from '../../../core/quota/quota.ts'
import { quotaText } from './quota-text.ts'

const NOW = Date.UTC(2026, 0, 1, 12)

const of = (quota: Quota) => quotaText(quota, NOW).value
const reported = (limit: number, windowMs: number) =>
  applyLimits(fullQuota(100), NOW, [{ limit, remaining: 0, windowMs, resetAt: NOW + windowMs }])

describe('quotaText', () => {
  it.each([
    [5, SECOND, /^0 of 5 checks left this second, next at \d\d:\d\d/],
    [10, MINUTE, /^0 of 10 checks left this minute, next at \d\d:\d\d/],
    [10, 58 * SECOND, /^0 of 10 checks left this minute/],
    [20, 15 * MINUTE, /^0 of 20 checks left in 15 min/],
    [50, HOUR, /^0 of 50 checks left, next/],
    [300, DAY, /^0 of 300 checks left today/],
    [300, 6 * HOUR, /^0 of 300 checks left in 6 h/],
  ])('of a limit of %i in %i ms', (limit, windowMs, words) => {
    expect(of(reported(limit, windowMs)).text).toMatch(words)
  })

  it('describes the hour when a shorter window has requests left', () => {
    const taken = acquire(fullQuota(100), NOW)[0]
    const limit = { limit: 10, remaining: 9, windowMs: MINUTE, resetAt: NOW + MINUTE }
    expect(of(applyLimits(taken, NOW, [limit])).text).toMatch(/^97 of 100 checks left, full at /)
  })

  it('says that a 429 has lowered the limit, while it blocks and after it', () => {
    const lowered =
      'Upscayl limited this key earlier than expected. Loupe plans with 750 checks instead of 3,000 for now.'
    expect(of(onRateLimited(fullQuota(3000), NOW - HOUR, NOW - 1))).toEqual({
      text: '748 of 750 checks left.',
      lowered,
    })
    expect(of(onRateLimited(fullQuota(3000), NOW, NOW + MINUTE))).toMatchObject({
      text: expect.stringMatching(/^No checks left until /),
      lowered,
    })
    expect(of(onRateLimited(fullQuota(null), NOW - HOUR, NOW - 1)).lowered).toBe(
      'Upscayl limited this key earlier than expected. Loupe plans with 1 check for now.',
    )
    expect(of(fullQuota(3000))).toMatchObject({
      text: '2,998 of 3,000 checks left.',
      lowered: null,
    })
  })
})

import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/units.ts'
import { type Allowance, fullAllowance, learn, refuse, take } from '../../polling/budget.ts'
import { allowanceText } from './allowance-text.ts'

const NOW = Date.UTC(2026, 0, 1, 12)

const of = (allowance: Allowance) => allowanceText(allowance, NOW).value
const told = (limit: number, windowMs: number) =>
  learn(fullAllowance(100), NOW, [{ limit, remaining: 0, windowMs, resetAt: NOW + windowMs }])

describe('what is left, in words', () => {
  it.each([
    [5, SECOND, /^0 of 5 left this second, the next at \d\d:\d\d$/],
    [10, MINUTE, /^0 of 10 left this minute, the next at \d\d:\d\d$/],
    [10, 58 * SECOND, /^0 of 10 left this minute/],
    [20, 15 * MINUTE, /^0 of 20 left in 15 min/],
    [50, HOUR, /^0 of 50 left this hour/],
    [300, DAY, /^0 of 300 left today/],
    [300, 6 * HOUR, /^0 of 300 left in 6 h/],
  ])('of a limit of %i in %i ms', (limit, windowMs, words) => {
    expect(of(told(limit, windowMs)).short).toMatch(words)
  })

  it('is of the hour where a shorter window has something left', () => {
    const taken = take(fullAllowance(100), NOW)[0]
    const limit = { limit: 10, remaining: 9, windowMs: MINUTE, resetAt: NOW + MINUTE }
    expect(of(learn(taken, NOW, [limit])).short).toBe('97 of 100 left this hour')
  })

  it('tells that a 429 has lowered the limit', () => {
    const before = refuse(fullAllowance(3000), NOW - HOUR, NOW - 1)
    expect(of(before)).toMatchObject({
      short: '748 of 750 left this hour',
      long: '748 of 750 left this hour. Lowered from 3,000 for now, since Upscayl limited this key early.',
    })
    expect(of(fullAllowance(3000)).long).toBe('2,998 of 3,000 left this hour.')
  })
})

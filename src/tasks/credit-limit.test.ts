import { describe, expect, it } from 'vitest'
import { DAY } from '../../core/lib/units.ts'
import { startOfDay } from '../lib/day.ts'
import { creditsOfDay, parseCreditLimit, passesLimit } from './credit-limit.ts'
import { ledgerOf } from './ledger.ts'
import { entryAfter, T0 } from './testing-list.ts'

const START = { startedAt: T0, quotedCredits: 7 }

const of = (entries: Parameters<typeof creditsOfDay>[0], now = T0) =>
  creditsOfDay(entries, ledgerOf(entries), now)

describe('the credits of a day', () => {
  it('are those deducted, and those that running tasks may cost', () => {
    const entries = [
      entryAfter('done', ['processed']),
      entryAfter('started', [], T0, START),
      entryAfter('failed', ['failed'], T0, START),
      entryAfter('pasted', []),
    ]
    expect(of(entries).value).toEqual({ used: 10, expected: 7 })
    expect(of(entries).changesAt).toBe(startOfDay(T0, 1))
    // The next day, what was deducted is past, and what runs is still to come.
    expect(of(entries, T0 + DAY).value).toEqual({ used: 0, expected: 7 })
  })

  it('include an unconfirmed deduction on the day of its end only', () => {
    const entries = [entryAfter('a', ['enhancing', 'credits-unconfirmed'])]
    expect(of(entries).value).toEqual({ used: 0, expected: 10 })
    expect(of(entries, T0 + DAY).value).toEqual({ used: 0, expected: 0 })
  })

  it.each([
    [null, 500, false],
    [200, 10, false],
    [200, 11, true],
    [200, null, false],
    [190, null, true],
    [0, 0, true],
  ])('with a limit of %s and %s more pass it: %s', (limit, more, passes) => {
    expect(passesLimit(limit, { used: 170, expected: 20 }, more)).toBe(passes)
  })
})

it.each([
  ['200', 200],
  [' 0 ', 0],
  ['', null],
  ['-1', null],
  ['1.5', null],
  ['1e3', null],
  ['1000001', null],
])('%j as a limit is %s', (text, limit) => {
  expect(parseCreditLimit(text)).toBe(limit)
})

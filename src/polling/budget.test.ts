import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../lib/units.ts'
import {
  type Allowance,
  fullAllowance,
  hold,
  learn,
  refuse,
  room,
  settle,
  standing,
  take,
} from './budget.ts'

const NOW = 1_800_000_000_000

/** Takes as many as may be sent at once. */
function drain(allowance: Allowance, now: number): [Allowance, taken: number] {
  for (let taken = 0; ; taken++) {
    const [after, wait] = take(allowance, now)
    if (wait > 0 || taken > 2000) return [after, taken]
    allowance = after
  }
}

/** Times of all sorts, also such as no clock shows. */
const anyTime = fc.oneof(
  fc.integer({ min: NOW - 3 * HOUR, max: NOW + 3 * HOUR }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0, 1e300),
)

describe('taking', () => {
  test('keeps two of the limit in reserve, then waits for the oldest to leave the window', () => {
    const [empty, taken] = drain(fullAllowance(100), NOW)
    expect(taken).toBe(98)
    expect(take(empty, NOW + MINUTE)[1]).toBe(HOUR + 3 * SECOND - MINUTE)
    expect(take(empty, NOW + HOUR + 3 * SECOND)[1]).toBe(0)
  })

  test('never sends more than the limit in any window', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 20 * MINUTE }), { maxLength: 120 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 30 }), (pauses, limit) => {
        let allowance = fullAllowance(limit)
        let now = NOW
        const sent: number[] = []
        for (const pause of pauses) {
          now += pause
          const [after, wait] = take(allowance, now)
          allowance = after
          if (wait === 0) sent.push(now)
        }
        for (const from of sent)
          expect(sent.filter((at) => at >= from && at < from + HOUR).length).toBeLessThanOrEqual(
            limit,
          )
      }),
    )
  })

  test('a limit of one or two still allows a question, none allows none', () => {
    expect(drain(fullAllowance(1), NOW)[1]).toBe(1)
    expect(drain(fullAllowance(2), NOW)[1]).toBe(1)
    expect(take(fullAllowance(0), NOW)[1]).toBe(Number.POSITIVE_INFINITY)
  })

  test('without a limit nothing waits', () => {
    expect(drain(fullAllowance(null), NOW)[1]).toBeGreaterThan(1000)
    expect(standing(fullAllowance(null), NOW).left).toBe(null)
  })
})

describe('a clock that jumps', () => {
  test('back: what was sent counts as sent now, and is back after one window', () => {
    const [empty] = drain(fullAllowance(100), NOW)
    const back = NOW - 30 * MINUTE
    const [settled, wait] = take(empty, back)
    expect(wait).toBe(HOUR + 3 * SECOND)
    expect(take(settled, back + wait)[1]).toBe(0)
  })

  test('far back: times that cannot be ours are forgotten', () => {
    const [empty] = drain(fullAllowance(100), NOW)
    expect(take(empty, NOW - 400 * 24 * HOUR)[1]).toBe(0)
  })

  test('forward: everything is back, but no more than everything', () => {
    const [empty] = drain(fullAllowance(100), NOW)
    expect(drain(empty, NOW + 5 * HOUR)[1]).toBe(98)
  })

  test('whatever the log holds, a question may be sent within a window', () => {
    fc.assert(
      fc.property(fc.array(anyTime), anyTime, anyTime, (sent, at, until) => {
        const allowance = { ...fullAllowance(10), sent, refusal: { at, until } }
        const settled = settle(allowance, NOW)
        const wait = take({ ...settled, refusal: null }, NOW)[1]
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThanOrEqual(HOUR + 3 * SECOND)
        expect(settled.sent.every((one) => one <= NOW)).toBe(true)
        expect(JSON.parse(JSON.stringify(settled))).toEqual(settled)
      }),
    )
  })
})

describe('a 429', () => {
  test('that says when is obeyed, one that does not is waited out for five minutes', () => {
    expect(take(refuse(fullAllowance(), NOW, NOW + 20 * MINUTE), NOW)[1]).toBe(20 * MINUTE)
    expect(take(refuse(fullAllowance(), NOW, null), NOW)[1]).toBe(5 * MINUTE)
    expect(take(refuse(fullAllowance(), NOW, NOW - 1), NOW)[1]).toBe(5 * MINUTE)
    expect(take(refuse(fullAllowance(), NOW, NOW + 900 * HOUR), NOW)[1]).toBe(24 * HOUR)
  })

  test('is obeyed even where no limit is known', () => {
    const refused = refuse(fullAllowance(null), NOW, NOW + MINUTE)
    expect(take(refused, NOW)[1]).toBe(MINUTE)
    expect(standing(refused, NOW).blockedUntil).toBe(NOW + MINUTE)
  })

  test('that comes early lowers the limit for two windows', () => {
    let allowance = fullAllowance(100)
    for (let index = 0; index < 61; index++) allowance = take(allowance, NOW + index)[0]
    const refused = refuse(allowance, NOW + 100, NOW + HOUR)
    expect(room(refused, NOW + HOUR).most).toBe(58)
    expect(room(refused, NOW + 2 * HOUR + 101).most).toBe(98)
  })

  test('with a log that was lost leaves a quarter', () => {
    const [refused] = take(refuse(fullAllowance(100), NOW, NOW + MINUTE), NOW + MINUTE)
    expect(room(refused, NOW + MINUTE).most).toBe(23)
  })

  test('lasts no longer because the clock was moved back', () => {
    const refused = refuse(fullAllowance(), NOW, NOW + MINUTE)
    expect(take(refused, NOW - 2 * HOUR)[1]).toBe(MINUTE)
  })
})

test('a hold is kept, only ever made longer, and lowers no limit', () => {
  const held = hold(fullAllowance(), NOW, NOW + 10 * MINUTE)
  expect(take(held, NOW)[1]).toBe(10 * MINUTE)
  expect(take(hold(held, NOW, NOW + MINUTE), NOW)[1]).toBe(10 * MINUTE)
  expect(take(hold(held, NOW, NOW + HOUR), NOW)[1]).toBe(HOUR)
  expect(take(hold(held, NOW, NOW + 900 * HOUR), NOW)[1]).toBe(24 * HOUR)
  expect(hold(fullAllowance(), NOW, NOW - 1)).toEqual(fullAllowance())
  expect(room(held, NOW).most).toBe(98)
})

describe('what answers say of the limit', () => {
  test('replaces ours', () => {
    const facts = { limit: 20, remaining: 20, resetAt: NOW + HOUR }
    expect(room(learn(fullAllowance(100), NOW, facts), NOW).most).toBe(18)
  })

  test('questions of others count until the window starts anew', () => {
    const facts = { limit: 100, remaining: 10, resetAt: NOW + 10 * MINUTE }
    const learned = learn(fullAllowance(100), NOW, facts)
    expect(standing(learned, NOW).left).toBe(8)
    expect(standing(learned, NOW + 10 * MINUTE + 3 * SECOND).left).toBe(98)
  })

  test('of a limit of 0 only what is left is believed, until the window starts anew', () => {
    const none = { limit: 0, remaining: 0, resetAt: NOW + MINUTE }
    const learned = learn(fullAllowance(100), NOW, none)
    expect(take(learned, NOW)[1]).toBe(MINUTE + 3 * SECOND)
    expect(learned.limit).toBe(100)
  })

  test('no limit makes the log longer than can be kept', () => {
    const facts = { limit: 1e15, remaining: 0, resetAt: null }
    const { sent, limit } = learn(fullAllowance(100), NOW, facts)
    expect([limit, sent.length]).toEqual([100, 100])
  })

  test('nothing said changes nothing', () => {
    const nothing = { limit: null, remaining: null, resetAt: null }
    expect(learn(fullAllowance(100), NOW, nothing)).toEqual(fullAllowance(100))
  })
})

test('standing tells what is left, when the next returns and when all are back', () => {
  const first = take(fullAllowance(100), NOW)[0]
  const second = take(first, NOW + MINUTE)[0]
  expect(standing(second, NOW + MINUTE)).toEqual({
    left: 96,
    nextAt: NOW + HOUR + 3 * SECOND,
    fullAt: NOW + HOUR + MINUTE + 3 * SECOND,
    blockedUntil: null,
  })
  expect(standing(fullAllowance(100), NOW)).toMatchObject({ left: 98, nextAt: null, fullAt: null })
})

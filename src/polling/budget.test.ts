import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { err } from '../lib/result.ts'
import { HOUR, MINUTE, SECOND } from '../lib/units.ts'
import { readRateLimit } from '../upscayl/rate-limit.ts'
import { readAnswer, type Understood } from '../upscayl/read-answer.ts'
import { allowanceSchema } from './allowance-schema.ts'
import {
  type Allowance,
  fullAllowance,
  giveBack,
  heed,
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

  test('of a few nothing is kept in reserve, none allows none', () => {
    expect(drain(fullAllowance(1), NOW)[1]).toBe(1)
    expect(drain(fullAllowance(2), NOW)[1]).toBe(2)
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
    const facts = { limit: 20, remaining: 20, windowMs: HOUR, resetAt: NOW + HOUR }
    expect(room(learn(fullAllowance(100), NOW, [facts]), NOW).most).toBe(18)
  })

  test('questions of others count until the window starts anew', () => {
    const facts = { limit: 100, remaining: 10, windowMs: null, resetAt: NOW + 10 * MINUTE }
    const learned = learn(fullAllowance(100), NOW, [facts])
    expect(standing(learned, NOW).left).toBe(8)
    expect(standing(learned, NOW + 10 * MINUTE + 3 * SECOND).left).toBe(98)
  })

  test('of a limit of 0 only what is left is believed, until the window starts anew', () => {
    const none = { limit: 0, remaining: 0, windowMs: null, resetAt: NOW + MINUTE }
    const learned = learn(fullAllowance(100), NOW, [none])
    expect(take(learned, NOW)[1]).toBe(MINUTE + 3 * SECOND)
    expect(learned.limit).toBe(100)
  })

  test('no limit makes the log longer than can be kept', () => {
    const facts = { limit: 1e15, remaining: 0, windowMs: null, resetAt: NOW + MINUTE }
    const { sent, limit, stated } = learn(fullAllowance(100), NOW, [facts])
    expect([limit, sent.length]).toEqual([100, 0])
    expect(stated?.beside.map((one) => one.sent.length)).toEqual([1])
  })

  const said = (headers: Record<string, string>, now = NOW): Understood => ({
    result: err({ kind: 'upstream', status: 500, message: null, until: null }),
    unsent: false,
    rateLimit: readRateLimit(new Headers(headers), now),
    notBefore: null,
    given: null,
    serverTime: null,
  })
  const X = (limit: number, remaining: number, reset: number) => ({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(reset),
  })
  const burst = (remaining: number) => ({
    'ratelimit-policy': '"burst";q=5;w=1, "hour";q=100;w=3600',
    ratelimit: `"burst";r=${remaining};t=1, "hour";r=${90 + remaining};t=3000`,
  })

  test.each<[string, Record<string, string>, number, number]>([
    ['ten a minute', X(10, 9, 60), 9, MINUTE + 3 * SECOND],
    ['ten a minute, most of it over', X(10, 9, 7), 9, 8750],
    ['twenty in a quarter of an hour', X(20, 19, 900), 19, 15 * MINUTE + 3 * SECOND],
    ['five a second, a hundred an hour', burst(4), 4, 1250],
    ['two a minute', { 'ratelimit-policy': '2;w=60' }, 2, MINUTE + 3 * SECOND],
  ])('counts by the window that is meant: %s', (_, headers, most, back) => {
    const learned = heed(fullAllowance(100), said(headers), NOW)
    const [empty, taken] = drain(learned, NOW)
    expect(taken).toBe(most)
    expect(take(empty, NOW)[1]).toBe(back)
    // And what was ours holds, too.
    const times = Array.from({ length: 500 }, (_, n) => NOW + n * 7 * SECOND)
    const sent = times.reduce((before, at) => take(before, at)[0], learned)
    expect(sent.sent.length).toBeLessThanOrEqual(98)
  })

  test('what gives more in less time than ours leaves no sense to it', () => {
    for (const headers of [X(3000, 2999, 60), { 'ratelimit-policy': '500;w=10' }]) {
      const { limit, stated } = heed(fullAllowance(100), said(headers), NOW)
      expect(limit).toBeGreaterThan(100)
      expect(stated?.beside).toEqual([])
    }
    // Unless ours was set by whoever runs the server.
    const kept = heed(fullAllowance(100), said(X(3000, 2999, 60)), NOW, 100)
    expect([kept.limit, drain(kept, NOW)[1]]).toEqual([100, 98])
  })

  test('a window that is not told is as long as it was ever seen to last', () => {
    let allowance = heed(fullAllowance(100), said(X(10, 9, 3)), NOW)
    expect(allowance.stated?.beside).toMatchObject([{ limit: 10, windowMs: 3 * SECOND }])
    allowance = heed(allowance, said(X(10, 9, 60), NOW + 5 * SECOND), NOW + 5 * SECOND)
    allowance = heed(allowance, said(X(10, 8, 20), NOW + 45 * SECOND), NOW + 45 * SECOND)
    expect(allowance.stated?.beside).toMatchObject([{ limit: 10, windowMs: MINUTE }])
  })

  test('questions of others count in the window they were asked in', () => {
    const learned = heed(fullAllowance(100), said(X(10, 1, 30)), NOW)
    expect(drain(learned, NOW)[1]).toBe(1)
    expect(drain(learned, NOW + 33 * SECOND)[1]).toBe(10)
    expect(learned.sent).toEqual([])
  })

  test('where more is left than we count, the window began anew', () => {
    const full = Array.from({ length: 10 }).reduce<Allowance>(
      (before, _, n) => take(before, NOW + n * SECOND)[0],
      heed(fullAllowance(100), said(X(10, 10, 60)), NOW),
    )
    const later = NOW + 20 * SECOND
    expect(drain(full, later)[1]).toBe(0)
    const anew = heed(full, said(X(10, 9, 60), later), later)
    expect(drain(anew, later)[1]).toBe(9)
    // A limit that was set holds for what was sent, whatever the API says.
    const set = heed({ ...full, limit: 12, stated: null }, said(X(12, 11, 3600), later), later, 12)
    expect(drain(set, later)[1]).toBe(0)
  })

  test('what reached nobody gives back its place under each limit', () => {
    const learned = heed(fullAllowance(100), said(X(2, 2, 60)), NOW)
    const [empty] = drain(learned, NOW)
    expect(take(empty, NOW)[1]).toBeGreaterThan(0)
    expect(drain(giveBack(empty, NOW), NOW)[1]).toBe(1)
    expect(giveBack(empty, NOW - 1)).toEqual(empty)
  })

  test('is forgotten when it is said no more', () => {
    const learned = heed(fullAllowance(100), said(X(2, 1, 60)), NOW)
    expect(drain(learned, NOW + 2 * HOUR - 1)[1]).toBe(2)
    expect(drain(learned, NOW + 2 * HOUR)[1]).toBe(98)
  })

  test('of several the standing tells the one that holds us back, else the slowest', () => {
    const learned = heed(fullAllowance(100), said(burst(5)), NOW)
    expect(standing(learned, NOW)).toMatchObject({ limit: 100, windowMs: HOUR, left: 93 })
    const [empty] = drain(learned, NOW)
    expect(standing(empty, NOW)).toMatchObject({
      ...{ limit: 5, windowMs: SECOND, left: 0, nextAt: NOW + 1250 },
    })
  })

  test('Retry-After of an answer that is no 429 stops nobody', () => {
    for (const status of [200, 500, 503]) {
      const headers = new Headers({ 'retry-after': '86400' })
      const answer = readAnswer(status, headers, '{}', 'key', NOW)
      expect(heed(fullAllowance(100), answer, NOW)).toEqual(fullAllowance(100))
    }
  })

  test('where answers tell what is left, a 429 makes nobody guess another limit', () => {
    const limited = err({ kind: 'limited', until: NOW + MINUTE, message: null } as const)
    let allowance = heed(fullAllowance(100), said(X(3000, 2999, 3600)), NOW)
    for (let n = 0; n < 3; n++) allowance = take(allowance, NOW)[0]
    allowance = heed(allowance, { ...said({}), result: limited }, NOW)
    expect([allowance.limit, allowance.ceiling]).toEqual([3000, null])
    expect(take(allowance, NOW)[1]).toBe(MINUTE)
    expect(drain(allowance, NOW + MINUTE)[1]).toBeGreaterThan(2000)
    // Nothing was told of a limit that a person set.
    const guessed = heed(fullAllowance(3000), { ...said({}), result: limited }, NOW)
    expect(guessed.ceiling?.limit).toBe(750)
  })

  test('a server that counts tells what was lowered, and to what', () => {
    const given = { at: NOW, age: 0, next: null }
    const policy = '"hour";q=750;w=3600'
    const state = { ratelimit: '"hour";r=740;t=3600' }
    const lowered = said({ ...state, 'ratelimit-policy': `${policy}, "set";q=3000;w=3600` })
    const followed = heed(fullAllowance(100), { ...lowered, given }, NOW)
    expect(followed).toMatchObject({ limit: 3000, ceiling: { limit: 750 } })
    expect(standing(followed, NOW)).toMatchObject({ limit: 750, left: 738 })
    const usual = said({ ...state, 'ratelimit-policy': `${policy}, "60s";q=10;w=60` })
    const after = heed(followed, { ...usual, given }, NOW)
    expect(after).toMatchObject({ limit: 750, ceiling: null })
    expect(after.stated?.beside).toMatchObject([{ limit: 10, windowMs: MINUTE }])
  })

  test('whatever is said, a question may be sent within a window, and the state can be kept', () => {
    const number = fc.oneof(fc.nat({ max: 200 }), fc.nat(), fc.constantFrom(0, 1, 60, 3600, 1e6))
    const one = fc.record({
      limit: fc.option(number),
      remaining: fc.option(number),
      windowMs: fc.option(fc.constantFrom(1, 1000, MINUTE, HOUR, 24 * HOUR, 900 * HOUR)),
      resetAt: fc.option(number.map((seconds) => NOW + Math.min(seconds, 7 * 86_400) * SECOND)),
    })
    const schema = v.pipe(v.string(), v.parseJson(), allowanceSchema)
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), fc.boolean(), (limits, isSet) => {
        const set = isSet ? 100 : undefined
        const learned = learn(take(fullAllowance(100), NOW)[0], NOW, limits, set)
        expect(v.parse(schema, JSON.stringify(learned))).toEqual(learned)
        expect(take(learned, NOW)[1]).toBeLessThanOrEqual(7 * 24 * HOUR + 3 * SECOND)
        if (isSet) expect(learned).toMatchObject({ windowMs: HOUR })
        if (isSet) expect(learned.limit).toBeLessThanOrEqual(100)
      }),
    )
  })

  test('nothing said changes nothing', () => {
    const nothing = { limit: null, remaining: null, windowMs: null, resetAt: null }
    expect(learn(fullAllowance(100), NOW, [nothing])).toEqual(fullAllowance(100))
  })
})

test('standing tells what is left, when the next returns and when all are back', () => {
  const first = take(fullAllowance(100), NOW)[0]
  const second = take(first, NOW + MINUTE)[0]
  expect(standing(second, NOW + MINUTE)).toEqual({
    limit: 100,
    windowMs: HOUR,
    remaining: 98,
    left: 96,
    nextAt: NOW + HOUR + 3 * SECOND,
    fullAt: NOW + HOUR + MINUTE + 3 * SECOND,
    blockedUntil: null,
  })
  expect(standing(fullAllowance(100), NOW)).toMatchObject({ left: 98, nextAt: null, fullAt: null })
})

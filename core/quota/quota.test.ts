import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { type ParsedResponse, parseResponse } from '../api/parse-response.ts'
import { readRateLimit } from '../api/rate-limit.ts'
import { err } from '../lib/result.ts'
import { HOUR, MINUTE, SECOND } from '../lib/units.ts'
import {
  acquire,
  applyLimits,
  applyRateLimit,
  blockUntil,
  capacity,
  fullQuota,
  onRateLimited,
  prune,
  type Quota,
  quotaStatus,
  release,
} from './quota.ts'
import { quotaSchema } from './quota-schema.ts'

const NOW = 1_800_000_000_000

/** Takes as many requests as may be sent at once. */
function drain(quota: Quota, now: number): [Quota, taken: number] {
  for (let taken = 0; ; taken++) {
    const [after, wait] = acquire(quota, now)
    if (wait > 0 || taken > 2000) return [after, taken]
    quota = after
  }
}

/** Arbitrary times, including impossible ones. */
const anyTime = fc.oneof(
  fc.integer({ min: NOW - 3 * HOUR, max: NOW + 3 * HOUR }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0, 1e300),
)

describe('taking', () => {
  test('keeps two of the limit in reserve, then waits for the oldest to leave the window', () => {
    const [empty, taken] = drain(fullQuota(100), NOW)
    expect(taken).toBe(98)
    expect(acquire(empty, NOW + MINUTE)[1]).toBe(HOUR + 3 * SECOND - MINUTE)
    expect(acquire(empty, NOW + HOUR + 3 * SECOND)[1]).toBe(0)
  })

  test('never sends more than the limit in any window', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 20 * MINUTE }), { maxLength: 120 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 30 }), (pauses, limit) => {
        let quota = fullQuota(limit)
        let now = NOW
        const sent: number[] = []
        for (const pause of pauses) {
          now += pause
          const [after, wait] = acquire(quota, now)
          quota = after
          if (wait === 0) sent.push(now)
        }
        for (const from of sent)
          expect(sent.filter((at) => at >= from && at < from + HOUR).length).toBeLessThanOrEqual(
            limit,
          )
      }),
    )
  })

  test('keeps no reserve of a low limit, and a limit of 0 allows none', () => {
    expect(drain(fullQuota(1), NOW)[1]).toBe(1)
    expect(drain(fullQuota(2), NOW)[1]).toBe(2)
    expect(acquire(fullQuota(0), NOW)[1]).toBe(Number.POSITIVE_INFINITY)
  })

  test('never waits without a limit', () => {
    expect(drain(fullQuota(null), NOW)[1]).toBeGreaterThan(1000)
    expect(quotaStatus(fullQuota(null), NOW).left).toBe(null)
  })
})

describe('a clock that jumps', () => {
  test('back: sent requests count as sent now, and expire after one window', () => {
    const [empty] = drain(fullQuota(100), NOW)
    const back = NOW - 30 * MINUTE
    const [settled, wait] = acquire(empty, back)
    expect(wait).toBe(HOUR + 3 * SECOND)
    expect(acquire(settled, back + wait)[1]).toBe(0)
  })

  test('far back: impossible times are dropped', () => {
    const [empty] = drain(fullQuota(100), NOW)
    expect(acquire(empty, NOW - 400 * 24 * HOUR)[1]).toBe(0)
  })

  test('forward: the full quota is available, but no more', () => {
    const [empty] = drain(fullQuota(100), NOW)
    expect(drain(empty, NOW + 5 * HOUR)[1]).toBe(98)
  })

  test('allows a request within a window, whatever the log contains', () => {
    fc.assert(
      fc.property(fc.array(anyTime), anyTime, anyTime, (sent, at, until) => {
        const quota = { ...fullQuota(10), sent, refusal: { at, until } }
        const settled = prune(quota, NOW)
        const wait = acquire({ ...settled, refusal: null }, NOW)[1]
        expect(wait).toBeGreaterThanOrEqual(0)
        expect(wait).toBeLessThanOrEqual(HOUR + 3 * SECOND)
        expect(settled.sent.every((one) => one <= NOW)).toBe(true)
        expect(JSON.parse(JSON.stringify(settled))).toEqual(settled)
      }),
    )
  })
})

describe('a 429', () => {
  test('with a retry time is respected, one without blocks for five minutes', () => {
    expect(acquire(onRateLimited(fullQuota(), NOW, NOW + 20 * MINUTE), NOW)[1]).toBe(20 * MINUTE)
    expect(acquire(onRateLimited(fullQuota(), NOW, null), NOW)[1]).toBe(5 * MINUTE)
    expect(acquire(onRateLimited(fullQuota(), NOW, NOW - 1), NOW)[1]).toBe(5 * MINUTE)
    expect(acquire(onRateLimited(fullQuota(), NOW, NOW + 900 * HOUR), NOW)[1]).toBe(24 * HOUR)
  })

  test('is respected even without a known limit', () => {
    const refused = onRateLimited(fullQuota(null), NOW, NOW + MINUTE)
    expect(acquire(refused, NOW)[1]).toBe(MINUTE)
    expect(quotaStatus(refused, NOW).blockedUntil).toBe(NOW + MINUTE)
  })

  test('that comes early lowers the limit for two windows', () => {
    let quota = fullQuota(100)
    for (let index = 0; index < 61; index++) quota = acquire(quota, NOW + index)[0]
    const refused = onRateLimited(quota, NOW + 100, NOW + HOUR)
    expect(capacity(refused, NOW + HOUR).max).toBe(58)
    expect(capacity(refused, NOW + 2 * HOUR + 101).max).toBe(98)
  })

  test('after a lost log leaves a quarter', () => {
    const [refused] = acquire(onRateLimited(fullQuota(100), NOW, NOW + MINUTE), NOW + MINUTE)
    expect(capacity(refused, NOW + MINUTE).max).toBe(23)
  })

  test('does not last longer if the clock is moved back', () => {
    const refused = onRateLimited(fullQuota(), NOW, NOW + MINUTE)
    expect(acquire(refused, NOW - 2 * HOUR)[1]).toBe(MINUTE)
  })
})

test('a hold is kept, can only be extended, and lowers no limit', () => {
  const held = blockUntil(fullQuota(), NOW, NOW + 10 * MINUTE)
  expect(acquire(held, NOW)[1]).toBe(10 * MINUTE)
  expect(acquire(blockUntil(held, NOW, NOW + MINUTE), NOW)[1]).toBe(10 * MINUTE)
  expect(acquire(blockUntil(held, NOW, NOW + HOUR), NOW)[1]).toBe(HOUR)
  expect(acquire(blockUntil(held, NOW, NOW + 900 * HOUR), NOW)[1]).toBe(24 * HOUR)
  expect(blockUntil(fullQuota(), NOW, NOW - 1)).toEqual(fullQuota())
  expect(capacity(held, NOW).max).toBe(98)
})

describe('limits from responses', () => {
  test('replace ours', () => {
    const facts = { limit: 20, remaining: 20, windowMs: HOUR, resetAt: NOW + HOUR }
    expect(capacity(applyLimits(fullQuota(100), NOW, [facts]), NOW).max).toBe(18)
  })

  test('count requests of others until the window resets', () => {
    const facts = { limit: 100, remaining: 10, windowMs: null, resetAt: NOW + 10 * MINUTE }
    const learned = applyLimits(fullQuota(100), NOW, [facts])
    expect(quotaStatus(learned, NOW).left).toBe(8)
    expect(quotaStatus(learned, NOW + 10 * MINUTE + 3 * SECOND).left).toBe(98)
  })

  test('with a limit of 0 apply only their remaining count, until the window resets', () => {
    const none = { limit: 0, remaining: 0, windowMs: null, resetAt: NOW + MINUTE }
    const learned = applyLimits(fullQuota(100), NOW, [none])
    expect(acquire(learned, NOW)[1]).toBe(MINUTE + 3 * SECOND)
    expect(learned.limit).toBe(100)
  })

  test('never make the log too long to store', () => {
    const facts = { limit: 1e15, remaining: 0, windowMs: null, resetAt: NOW + MINUTE }
    const { sent, limit, stated } = applyLimits(fullQuota(100), NOW, [facts])
    expect([limit, sent.length]).toEqual([100, 0])
    expect(stated?.beside.map((one) => one.sent.length)).toEqual([1])
  })

  const reported = (headers: Record<string, string>, now = NOW): ParsedResponse => ({
    result: err({ kind: 'upstream', status: 500, message: null, until: null }),
    unsent: false,
    rateLimit: readRateLimit(new Headers(headers), now),
    notBefore: null,
    balance: null,
    serverCache: null,
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
  ])('apply to the right window: %s', (_, headers, most, back) => {
    const learned = applyRateLimit(fullQuota(100), reported(headers), NOW)
    const [empty, taken] = drain(learned, NOW)
    expect(taken).toBe(most)
    expect(acquire(empty, NOW)[1]).toBe(back)
    // Our own limit still applies.
    const times = Array.from({ length: 500 }, (_, n) => NOW + n * 7 * SECOND)
    const sent = times.reduce((before, at) => acquire(before, at)[0], learned)
    expect(sent.sent.length).toBeLessThanOrEqual(98)
  })

  test('replace ours if they allow more in less time', () => {
    for (const headers of [X(3000, 2999, 60), { 'ratelimit-policy': '500;w=10' }]) {
      const { limit, stated } = applyRateLimit(fullQuota(100), reported(headers), NOW)
      expect(limit).toBeGreaterThan(100)
      expect(stated?.beside).toEqual([])
    }
    // Unless the server's operator set ours.
    const kept = applyRateLimit(fullQuota(100), reported(X(3000, 2999, 60)), NOW, 100)
    expect([kept.limit, drain(kept, NOW)[1]]).toEqual([100, 98])
  })

  test('without a window have the longest one that was observed', () => {
    let quota = applyRateLimit(fullQuota(100), reported(X(10, 9, 3)), NOW)
    expect(quota.stated?.beside).toMatchObject([{ limit: 10, windowMs: 3 * SECOND }])
    quota = applyRateLimit(quota, reported(X(10, 9, 60), NOW + 5 * SECOND), NOW + 5 * SECOND)
    quota = applyRateLimit(quota, reported(X(10, 8, 20), NOW + 45 * SECOND), NOW + 45 * SECOND)
    expect(quota.stated?.beside).toMatchObject([{ limit: 10, windowMs: MINUTE }])
  })

  test('count requests of others in the window they were sent in', () => {
    const learned = applyRateLimit(fullQuota(100), reported(X(10, 1, 30)), NOW)
    expect(drain(learned, NOW)[1]).toBe(1)
    expect(drain(learned, NOW + 33 * SECOND)[1]).toBe(10)
    expect(learned.sent).toEqual([])
  })

  test('with more left than we count mean that the window has reset', () => {
    const full = Array.from({ length: 10 }).reduce<Quota>(
      (before, _, n) => acquire(before, NOW + n * SECOND)[0],
      applyRateLimit(fullQuota(100), reported(X(10, 10, 60)), NOW),
    )
    const later = NOW + 20 * SECOND
    expect(drain(full, later)[1]).toBe(0)
    const afterReset = applyRateLimit(full, reported(X(10, 9, 60), later), later)
    expect(drain(afterReset, later)[1]).toBe(9)
    // A configured limit still applies to sent requests, whatever the API reports.
    const set = applyRateLimit(
      { ...full, limit: 12, stated: null },
      reported(X(12, 11, 3600), later),
      later,
      12,
    )
    expect(drain(set, later)[1]).toBe(0)
  })

  test('all get back unsent requests', () => {
    const learned = applyRateLimit(fullQuota(100), reported(X(2, 2, 60)), NOW)
    const [empty] = drain(learned, NOW)
    expect(acquire(empty, NOW)[1]).toBeGreaterThan(0)
    expect(drain(release(empty, NOW), NOW)[1]).toBe(1)
    expect(release(empty, NOW - 1)).toEqual(empty)
  })

  test('are dropped when they are no longer reported', () => {
    const learned = applyRateLimit(fullQuota(100), reported(X(2, 1, 60)), NOW)
    expect(drain(learned, NOW + 2 * HOUR - 1)[1]).toBe(2)
    expect(drain(learned, NOW + 2 * HOUR)[1]).toBe(98)
  })

  test('appear in the status by the one that blocks us, else the slowest', () => {
    const learned = applyRateLimit(fullQuota(100), reported(burst(5)), NOW)
    expect(quotaStatus(learned, NOW)).toMatchObject({ limit: 100, windowMs: HOUR, left: 93 })
    const [empty] = drain(learned, NOW)
    expect(quotaStatus(empty, NOW)).toMatchObject({
      ...{ limit: 5, windowMs: SECOND, left: 0, nextAt: NOW + 1250 },
    })
  })

  test('exclude Retry-After of a response other than 429', () => {
    for (const status of [200, 500, 503]) {
      const headers = new Headers({ 'retry-after': '86400' })
      const response = parseResponse(status, headers, '{}', 'key', NOW)
      expect(applyRateLimit(fullQuota(100), response, NOW)).toEqual(fullQuota(100))
    }
  })

  test('with a remaining count prevent a guess from a 429', () => {
    const limited = err({ kind: 'limited', until: NOW + MINUTE, message: null } as const)
    let quota = applyRateLimit(fullQuota(100), reported(X(3000, 2999, 3600)), NOW)
    for (let n = 0; n < 3; n++) quota = acquire(quota, NOW)[0]
    quota = applyRateLimit(quota, { ...reported({}), result: limited }, NOW)
    expect([quota.limit, quota.ceiling]).toEqual([3000, null])
    expect(acquire(quota, NOW)[1]).toBe(MINUTE)
    expect(drain(quota, NOW + MINUTE)[1]).toBeGreaterThan(2000)
    // The user's own limit was not reported.
    const guessed = applyRateLimit(fullQuota(3000), { ...reported({}), result: limited }, NOW)
    expect(guessed.ceiling?.limit).toBe(750)
  })

  test('from a counting server include the limit before it was lowered', () => {
    const serverCache = { at: NOW, age: 0, next: null }
    const policy = '"hour";q=750;w=3600'
    const state = { ratelimit: '"hour";r=740;t=3600' }
    const lowered = reported({ ...state, 'ratelimit-policy': `${policy}, "set";q=3000;w=3600` })
    const followed = applyRateLimit(fullQuota(100), { ...lowered, serverCache }, NOW)
    expect(followed).toMatchObject({ limit: 3000, ceiling: { limit: 750 } })
    expect(quotaStatus(followed, NOW)).toMatchObject({ limit: 750, left: 738 })
    const usual = reported({ ...state, 'ratelimit-policy': `${policy}, "60s";q=10;w=60` })
    const after = applyRateLimit(followed, { ...usual, serverCache }, NOW)
    expect(after).toMatchObject({ limit: 750, ceiling: null })
    expect(after.stated?.beside).toMatchObject([{ limit: 10, windowMs: MINUTE }])
  })

  test('always allow a request within a window, and a state that can be stored', () => {
    const number = fc.oneof(fc.nat({ max: 200 }), fc.nat(), fc.constantFrom(0, 1, 60, 3600, 1e6))
    const one = fc.record({
      limit: fc.option(number),
      remaining: fc.option(number),
      windowMs: fc.option(fc.constantFrom(1, 1000, MINUTE, HOUR, 24 * HOUR, 900 * HOUR)),
      resetAt: fc.option(number.map((seconds) => NOW + Math.min(seconds, 7 * 86_400) * SECOND)),
    })
    const schema = v.pipe(v.string(), v.parseJson(), quotaSchema)
    fc.assert(
      fc.property(fc.array(one, { maxLength: 12 }), fc.boolean(), (limits, isSet) => {
        const set = isSet ? 100 : undefined
        const learned = applyLimits(acquire(fullQuota(100), NOW)[0], NOW, limits, set)
        expect(v.parse(schema, JSON.stringify(learned))).toEqual(learned)
        expect(acquire(learned, NOW)[1]).toBeLessThanOrEqual(7 * 24 * HOUR + 3 * SECOND)
        if (isSet) expect(learned).toMatchObject({ windowMs: HOUR })
        if (isSet) expect(learned.limit).toBeLessThanOrEqual(100)
      }),
    )
  })

  test('change nothing if there are none', () => {
    const nothing = { limit: null, remaining: null, windowMs: null, resetAt: null }
    expect(applyLimits(fullQuota(100), NOW, [nothing])).toEqual(fullQuota(100))
  })
})

test('quotaStatus returns what is left, when the next is available and when all are', () => {
  const first = acquire(fullQuota(100), NOW)[0]
  const second = acquire(first, NOW + MINUTE)[0]
  expect(quotaStatus(second, NOW + MINUTE)).toEqual({
    limit: 100,
    windowMs: HOUR,
    remaining: 98,
    left: 96,
    nextAt: NOW + HOUR + 3 * SECOND,
    fullAt: NOW + HOUR + MINUTE + 3 * SECOND,
    blockedUntil: null,
  })
  expect(quotaStatus(fullQuota(100), NOW)).toMatchObject({ left: 98, nextAt: null, fullAt: null })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from '../lib/units.ts'
import {
  type RateLimit,
  readRateLimit,
  readRetryAfter,
  readWait,
  readWaitSentence,
} from './rate-limit.ts'

const NOW = Date.UTC(2026, 0, 1, 12)

describe('Retry-After', () => {
  it.each([
    ['90', NOW + 90_000],
    ['0', NOW],
    ['1.5', NOW + 1000],
    ['Thu, 01 Jan 2026 12:05:00 GMT', NOW + 300_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', NOW],
    ['soon', null],
    ['', null],
    ['-5', null],
    ['999999999999', null],
    [null, null],
  ])('%j is %j', (value, expected) => {
    expect(readRetryAfter(value, NOW)).toBe(expected)
  })
})

describe('sentences', () => {
  it.each([
    ['Too many requests. Try again in 1 hour', NOW + 3_600_000],
    ['try again in 30 seconds', NOW + 30_000],
    ['Retry after 5 minutes.', NOW + 300_000],
    ['Try again in 90s', NOW + 90_000],
    ['Please wait and try again in an hour', NOW + 3_600_000],
    ['Try again in a minute', NOW + 60_000],
    ['Try again tomorrow', null],
    ['', null],
  ])('%j is %j', (text, expected) => {
    expect(readWaitSentence(text, NOW)).toBe(expected)
  })
})

/** One limit, as far as it is reported. */
const reported = (part: Partial<RateLimit>): RateLimit => ({
  limit: null,
  remaining: null,
  windowMs: null,
  resetAt: null,
  ...part,
})
const HOURLY = { limit: 100, remaining: 38, windowMs: HOUR, resetAt: NOW + 1_200_000 }
const MINUTELY = { limit: 10, remaining: 9, resetAt: NOW + MINUTE }

describe('rate limit headers', () => {
  it.each<[Record<string, string>, readonly Partial<RateLimit>[] | null]>([
    [{ 'ratelimit-policy': '"hour";q=100;w=3600', ratelimit: '"hour";r=38;t=1200' }, [HOURLY]],
    [{ ratelimit: 'limit=100, remaining=38, reset=1200' }, [{ ...HOURLY, windowMs: null }]],
    [
      { 'ratelimit-policy': '100;w=3600', ratelimit: 'limit=100, remaining=38, reset=1200' },
      [HOURLY],
    ],
    [
      { 'ratelimit-limit': '100', 'ratelimit-remaining': '0', 'ratelimit-reset': '60' },
      [{ limit: 100, remaining: 0, resetAt: NOW + 60_000 }],
    ],
    [
      {
        'x-ratelimit-limit': '100',
        'x-ratelimit-remaining': '7',
        'x-ratelimit-reset': String((NOW + 60_000) / 1000),
      },
      [{ limit: 100, remaining: 7, resetAt: NOW + 60_000 }],
    ],
    // Several at once: each with its own state, the tightest one's alone, or none.
    [
      {
        'ratelimit-policy': '"burst";q=5;w=1, "hour";q=100;w=3600',
        ratelimit: '"hour";r=38;t=1200, "burst";r=4;t=1',
      },
      [HOURLY, { limit: 5, remaining: 4, windowMs: 1000, resetAt: NOW + 1000 }],
    ],
    [
      {
        'ratelimit-policy': '"burst";q=5;w=1,"hour";q=100;w=3600',
        ratelimit: '"burst"; r=0; t=1',
      },
      [
        { limit: 5, remaining: 0, windowMs: 1000, resetAt: NOW + 1000 },
        { limit: 100, windowMs: HOUR },
      ],
    ],
    [
      { 'ratelimit-policy': '"burst";q=5;w=1, "hour";q=100;w=3600' },
      [
        { limit: 5, windowMs: 1000 },
        { limit: 100, windowMs: HOUR },
      ],
    ],
    // draft-ietf-httpapi-ratelimit-headers-06 and before.
    [
      {
        'ratelimit-limit': '10, 10;w=60, 100;w=3600;comment="a, b;c"',
        'ratelimit-remaining': '9',
        'ratelimit-reset': '60',
      },
      [
        { ...MINUTELY, windowMs: MINUTE },
        { limit: 100, windowMs: HOUR },
      ],
    ],
    [
      {
        'ratelimit-policy': '10;w=60, 100;w=3600',
        'x-ratelimit-remaining': '9',
        'x-ratelimit-reset': '60',
      },
      [
        { ...MINUTELY, windowMs: MINUTE },
        { limit: 100, windowMs: HOUR },
      ],
    ],
    // As express-rate-limit and Kong have it.
    [
      {
        'ratelimit-policy': '"10-in-1min"; q=10; w=60; pk=:MTk=:',
        ratelimit: '"10-in-1min"; r=9; t=60',
      },
      [{ ...MINUTELY, windowMs: MINUTE }],
    ],
    [
      {
        'x-ratelimit-limit-minute': '10',
        'x-ratelimit-remaining-minute': '9',
        'x-ratelimit-limit-hour': '100',
        'x-ratelimit-remaining-hour': '38',
        'ratelimit-limit': '10',
        'ratelimit-remaining': '9',
        'ratelimit-reset': '60',
      },
      [
        { ...MINUTELY, windowMs: MINUTE },
        { limit: 100, remaining: 38, windowMs: HOUR },
      ],
    ],
    [
      { 'x-rate-limit-limit': '10', 'x-rate-limit-remaining': '9', 'x-rate-limit-reset': '60' },
      [MINUTELY],
    ],
    [
      { 'x-ratelimit-limit': '10', 'x-ratelimit-reset': 'Thu, 01 Jan 2026 12:01:00 GMT' },
      [{ ...MINUTELY, remaining: null }],
    ],
    [{ 'x-ratelimit-remaining': '9' }, [{ remaining: 9 }]],
    // Bytes and concurrency are not requests.
    [
      {
        'ratelimit-policy': '"bytes";q=5000;w=1;qu="content-bytes", "hour";q=100;w=3600',
        ratelimit: '"bytes";r=0;t=50, "hour";r=38;t=1200',
      },
      [HOURLY],
    ],
    [{ 'content-type': 'text/html' }, null],
    [{ ratelimit: 'nonsense' }, null],
    [{ 'ratelimit-policy': '"default";w=60' }, null],
  ])('%j', (headers, expected) => {
    const read = readRateLimit(new Headers(headers), NOW)
    expect(read).toEqual(expected?.map(reported) ?? null)
  })

  it.each<[string, Record<string, string>, string, number | null]>([
    ['of the exhausted limit', { ratelimit: '"a";r=3;t=9, "b";r=0;t=60' }, '', NOW + MINUTE],
    ['that is latest', { ratelimit: '"a";r=0;t=9, "b";r=0;t=60' }, '', NOW + MINUTE],
    ['where nothing says what is left', { 'x-ratelimit-reset': '60' }, '', NOW + MINUTE],
    ['not where some is left', { 'ratelimit-remaining': '3', 'ratelimit-reset': '60' }, '', null],
    [
      'in its message if some is left',
      { 'ratelimit-remaining': '3', 'ratelimit-reset': '9' },
      'Try again in 1 minute',
      NOW + MINUTE,
    ],
    ['Retry-After first', { 'retry-after': '5', ratelimit: '"b";r=0;t=60' }, '', NOW + 5000],
  ])('a 429 waits for the reset %s', (_, headers, message, until) => {
    expect(readWait(new Headers(headers), message, NOW)).toBe(until)
  })

  it('never returns a past time, NaN or a negative number', () => {
    const value = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789;=,"rtqw. -abc') }),
      fc.integer().map(String),
      fc.double().map(String),
    )
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        const read = readRateLimit(
          new Headers({
            ratelimit: a,
            'ratelimit-policy': b,
            'x-ratelimit-reset': c,
            'x-ratelimit-limit': a,
            'x-ratelimit-limit-minute': c,
          }),
          NOW,
        )
        for (const one of read ?? []) {
          const numbers = Object.values(one).filter((n) => n !== null)
          expect(numbers.length).toBeGreaterThan(0)
          expect(numbers.every((n) => Number.isFinite(n) && n >= 0)).toBe(true)
          expect(one.resetAt ?? NOW).toBeGreaterThanOrEqual(NOW)
        }
        expect(readRetryAfter(c, NOW) ?? NOW).toBeGreaterThanOrEqual(NOW)
        expect(readWaitSentence(`in ${a} hours`, NOW) ?? NOW).toBeGreaterThanOrEqual(NOW)
      }),
    )
  })
})

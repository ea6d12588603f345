import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRateLimit, readRetryAfter, readWaitSentence } from './rate-limit.ts'

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

describe('allowance headers', () => {
  it.each([
    [
      { 'ratelimit-policy': '"hour";q=100;w=3600', ratelimit: '"hour";r=38;t=1200' },
      { limit: 100, remaining: 38, windowMs: 3_600_000, resetAt: NOW + 1_200_000 },
    ],
    [
      { ratelimit: 'limit=100, remaining=38, reset=1200' },
      { limit: 100, remaining: 38, windowMs: null, resetAt: NOW + 1_200_000 },
    ],
    [
      { 'ratelimit-limit': '100', 'ratelimit-remaining': '0', 'ratelimit-reset': '60' },
      { limit: 100, remaining: 0, windowMs: null, resetAt: NOW + 60_000 },
    ],
    [
      {
        'x-ratelimit-limit': '100',
        'x-ratelimit-remaining': '7',
        'x-ratelimit-reset': String((NOW + 60_000) / 1000),
      },
      { limit: 100, remaining: 7, windowMs: null, resetAt: NOW + 60_000 },
    ],
    [{ 'content-type': 'text/html' }, null],
    [{ ratelimit: 'nonsense' }, null],
  ])('%j', (headers, expected) => {
    expect(readRateLimit(new Headers(headers as Record<string, string>), NOW)).toEqual(expected)
  })

  it('never yields an instant in the past, NaN or a negative number', () => {
    const value = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789;=,"rtqw. -abc') }),
      fc.integer().map(String),
      fc.double().map(String),
    )
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        const read = readRateLimit(
          new Headers({ ratelimit: a, 'ratelimit-policy': b, 'x-ratelimit-reset': c }),
          NOW,
        )
        const numbers = Object.values(read ?? {}).filter((n) => n !== null)
        expect(numbers.every((n) => Number.isFinite(n) && n >= 0)).toBe(true)
        expect(read?.resetAt ?? NOW).toBeGreaterThanOrEqual(NOW)
        expect(readRetryAfter(c, NOW) ?? NOW).toBeGreaterThanOrEqual(NOW)
        expect(readWaitSentence(`in ${a} hours`, NOW) ?? NOW).toBeGreaterThanOrEqual(NOW)
      }),
    )
  })
})

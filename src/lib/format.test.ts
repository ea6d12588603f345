import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { formatSpan } from '../../core/lib/units.ts'
import { formatBytes } from './bytes.ts'
import { countdown, urgency } from './countdown.ts'
import { ago, formatRange, formatStopwatch, truncateMiddle, until } from './format.ts'

const S = 1000
const M = 60 * S
const H = 60 * M
const D = 24 * H
const AT = Date.UTC(2026, 0, 1, 12)

describe('countdown', () => {
  it.each([
    [12 * D, '12 days'],
    [2 * D + 4 * H, '2 days 4 h'],
    [D, '1 day'],
    [5 * H + 12 * M, '5 h 12 min'],
    [42 * M + 59 * S, '42 min'],
    [10 * M, '10:00'],
    [61 * S, '1:01'],
    [59 * S, '59 s'],
    [1, '1 s'],
    [0, '0:00'],
    [-H, '0:00'],
  ])('%i ms before the end: %s', (left, text) => {
    expect(countdown(AT, AT - left).value).toBe(text)
  })

  it('returns exactly when the text changes next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 * D }), (left) => {
        for (const read of [countdown, urgency, until]) {
          const { value, changesAt } = read(AT, AT - left)
          expect(changesAt).not.toBeNull()
          if (changesAt === null) return
          expect(changesAt).toBeGreaterThan(AT - left)
          expect(read(AT, changesAt - 1).value).toBe(value)
        }
      }),
    )
  })

  it('does not tick every second while hours are left', () => {
    const { changesAt } = countdown(AT, AT - 5 * H)
    expect((changesAt ?? 0) - (AT - 5 * H)).toBeLessThanOrEqual(M)
    expect(countdown(AT, AT - 5 * H - 30 * S).changesAt).toBe(AT - 5 * H + 1)
  })
})

it.each([
  [2 * H, 'calm'],
  [H, 'soon'],
  [5 * M, 'urgent'],
  [0, 'over'],
])('urgency at %i ms: %s', (left, expected) => {
  expect(urgency(AT, AT - left).value).toBe(expected)
})

describe('ago', () => {
  it.each([
    [0, 'just now'],
    [-5 * S, 'just now'],
    [12 * S, '12 s ago'],
    [4 * M, '4 min ago'],
    [3 * H, '3 h ago'],
    [2 * D, '2 d ago'],
  ])('%i ms after: %s', (passed, text) => {
    expect(ago(AT, AT + passed).value).toBe(text)
  })

  it('returns exactly when the text changes next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 * D }), (passed) => {
        const { value, changesAt } = ago(AT, AT + passed)
        expect(ago(AT, (changesAt ?? 0) - 1).value).toBe(value)
        expect(ago(AT, changesAt ?? 0).value).not.toBe(value)
      }),
    )
  })
})

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1 KB'],
  [999_960, '1 MB'],
  [5_284_210, '5.3 MB'],
  [2e15, '2,000 TB'],
])('%i bytes: %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

it.each([
  [0, '0:00'],
  [61_000, '1:01'],
  [3_661_000, '1:01:01'],
])('stopwatch at %i: %s', (ms, text) => {
  expect(formatStopwatch(ms)).toBe(text)
})

it('truncates in the middle and never splits a letter', () => {
  expect(truncateMiddle('abcdefghij', 7)).toBe('abc…hij')
  expect(truncateMiddle('short', 7)).toBe('short')
  expect(truncateMiddle('🌄🌄🌄🌄🌄', 3)).toBe('🌄…🌄')
})

it.each([
  [500, '1 s'],
  [45 * S, '45 s'],
  [6 * M, '6 min'],
  [2 * H + 10 * M, '2 h'],
])('a span of %i ms: %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text)
})

it.each([
  [3.2, 7.8, 'About 3 to 8 s'],
  [0, 3, 'Less than 3 s'],
  [22, 71, 'About 20 to 75 s'],
  [130, 215, 'About 2 to 4 min'],
  [121, 121, 'About 2 to 3 min'],
  [10, 240, 'Less than 4 min'],
])('a forecast of %f to %f s: %s', (from, to, text) => {
  expect(formatRange(from, to)).toBe(text)
})

it('formats times in UTC while the clock is held, in any time zone', async () => {
  vi.stubEnv('TZ', 'Asia/Kathmandu')
  vi.resetModules()
  const { holdClock } = await import('./clock.ts')
  const { formatClockTime, formatDateTime } = await import('./format.ts')
  expect(formatDateTime(AT)).toBe('1 Jan 2026, 17:45')
  holdClock(AT)
  expect(formatDateTime(AT)).toBe('1 Jan 2026, 12:00')
  expect(formatClockTime(AT)).toBe('12:00')
  holdClock(null)
  expect(formatClockTime(AT)).toBe('17:45')
  vi.unstubAllEnvs()
})

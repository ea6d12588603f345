import { expect, test } from 'vitest'
import { HOUR } from '../../core/lib/units.ts'
import { createRateLimit, tooManyRequests } from './rate-limit.ts'
import { NOW } from './testing.ts'

test('the window slides: each request expires an hour later', () => {
  let time = NOW
  const wait = createRateLimit(2, () => time)
  expect([wait('a'), wait('b')]).toEqual([0, 0])
  time += HOUR / 4
  expect([wait('a'), wait('a'), wait('a')]).toEqual([0, 0.75 * HOUR, 0.75 * HOUR])
  expect(wait('b')).toBe(0)
  time += 0.75 * HOUR
  expect([wait('a'), wait('a')]).toEqual([0, HOUR / 4])
})

test.each([
  [400, '1', 'Try again in 1 second'],
  [90_000, '90', 'Try again in 90 seconds'],
  [57 * 60_000, '3420', 'Try again in 57 minutes'],
])('a wait of %i ms is in a header and in the message', async (ms, header, words) => {
  const refused = tooManyRequests(ms)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, header])
  expect(await refused.json()).toEqual({
    error: 'RATE_LIMIT_EXCEEDED',
    message: `Too many requests. ${words}`,
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../core/lib/units.ts'
import { measure } from './measure.ts'
import { LOUPE } from './peers.ts'
import { type ReportedLimits, SPELLINGS, type Spelling } from './reported-limits.ts'

const WINDOWS = [SECOND, 10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, DAY]

/** Below this no schedule gets far, and the result is mostly chance. */
const MIN_PER_HOUR = 40

const limit = fc
  .record({
    limit: fc.constantFrom(1, 2, 3, 5, 8, 10, 20, 50, 100, 150, 300, 1000, 3000),
    windowMs: fc.constantFrom(...WINDOWS),
  })
  .filter(({ limit, windowMs }) => (limit * HOUR) / windowMs >= MIN_PER_HOUR)

const server: fc.Arbitrary<ReportedLimits> = fc.record({
  kind: fc.constantFrom('fixed', 'aligned', 'sliding', 'bucket'),
  limits: fc.array(limit, { minLength: 1, maxLength: 3 }),
  phase: fc.nat({ max: HOUR }),
  retryAfter: fc.boolean(),
  reset: fc.constantFrom('full', 'next'),
  spelling: fc.constantFrom(...(Object.keys(SPELLINGS) as Spelling[])),
})

test('rate-limit headers make no delay longer, in any spelling', () => {
  fc.assert(
    fc.property(server, fc.constantFrom('W2', 'W3'), (limits, workload) => {
      const [without, withHeaders] = (['none', limits.spelling] as const).map((spelling) => {
        const part = workload === 'W2' ? 0.006 : 0.01
        return measure(LOUPE, workload, part, { server: { ...limits, spelling } }).mean
      })
      // Few tasks, so a single late one has a large effect.
      expect(withHeaders).toBeLessThanOrEqual(1.4 * (without ?? 0) + 5)
    }),
    { numRuns: 25 },
  )
})

const X = { kind: 'fixed', phase: 0, retryAfter: true, reset: 'full' } as const

test.each<[string, ReportedLimits, number]>([
  [
    'ten per minute, window not stated',
    { ...X, limits: [{ limit: 10, windowMs: MINUTE }], spelling: 'x-ratelimit' },
    20,
  ],
  [
    'five per second and a hundred per hour',
    {
      ...X,
      limits: [
        { limit: 5, windowMs: SECOND },
        { limit: 100, windowMs: HOUR },
      ],
      spelling: 'policies',
    },
    5,
  ],
  [
    'twenty per quarter of an hour',
    { ...X, limits: [{ limit: 20, windowMs: 15 * MINUTE }], spelling: 'former ietf' },
    30,
  ],
  ['two per minute', { ...X, limits: [{ limit: 2, windowMs: MINUTE }], spelling: 'by unit' }, 60],
])('%s: the ends of five tasks are known soon, without a 429', (_, limits, maxDelay) => {
  const { mean, refusals } = measure(LOUPE, 'W2', 0.02, { server: limits })
  expect(mean).toBeLessThan(maxDelay)
  expect(refusals).toBe(0)
})

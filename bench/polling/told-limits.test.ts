import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/lib/units.ts'
import { measure } from './measure.ts'
import { LOUPE } from './peers.ts'
import { SPELLINGS, type Spelling, type ToldLimits } from './told-limits.ts'

const WINDOWS = [SECOND, 10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, DAY]

/** With less than that no schedule gets far, and luck decides. */
const LEAST_PER_HOUR = 40

const limit = fc
  .record({
    limit: fc.constantFrom(1, 2, 3, 5, 8, 10, 20, 50, 100, 150, 300, 1000, 3000),
    windowMs: fc.constantFrom(...WINDOWS),
  })
  .filter(({ limit, windowMs }) => (limit * HOUR) / windowMs >= LEAST_PER_HOUR)

const server: fc.Arbitrary<ToldLimits> = fc.record({
  kind: fc.constantFrom('fixed', 'aligned', 'sliding', 'bucket'),
  limits: fc.array(limit, { minLength: 1, maxLength: 3 }),
  phase: fc.nat({ max: HOUR }),
  retryAfter: fc.boolean(),
  reset: fc.constantFrom('full', 'next'),
  spelling: fc.constantFrom(...(Object.keys(SPELLINGS) as Spelling[])),
})

test('what a server tells of its limits, in whatever words, makes no delay longer', () => {
  fc.assert(
    fc.property(server, fc.constantFrom('W2', 'W3'), (told, workload) => {
      const [without, withHeaders] = (['none', told.spelling] as const).map((spelling) => {
        const part = workload === 'W2' ? 0.006 : 0.01
        return measure(LOUPE, workload, part, { server: { ...told, spelling } }).mean
      })
      // A few tasks, so that a single one that is found later weighs much.
      expect(withHeaders).toBeLessThanOrEqual(1.4 * (without ?? 0) + 5)
    }),
    { numRuns: 60 },
  )
})

const X = { kind: 'fixed', phase: 0, retryAfter: true, reset: 'full' } as const

test.each<[string, ToldLimits, number]>([
  [
    'ten a minute, without a word about the minute',
    { ...X, limits: [{ limit: 10, windowMs: MINUTE }], spelling: 'x-ratelimit' },
    20,
  ],
  [
    'five a second and a hundred an hour',
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
    'twenty in a quarter of an hour',
    { ...X, limits: [{ limit: 20, windowMs: 15 * MINUTE }], spelling: 'former ietf' },
    30,
  ],
  ['two a minute', { ...X, limits: [{ limit: 2, windowMs: MINUTE }], spelling: 'by unit' }, 60],
])('%s: five tasks are known to have ended soon, and no 429 comes', (_, told, most) => {
  const { mean, refusals } = measure(LOUPE, 'W2', 0.02, { server: told })
  expect(mean).toBeLessThan(most)
  expect(refusals).toBe(0)
})

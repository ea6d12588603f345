import { expect, test } from 'vitest'
import { createHitCounter } from './request-counter.ts'

test('counts each ID, and returns the previous count', () => {
  const tally = createHitCounter()
  expect(['a', 'b', 'a', 'a'].map(tally.add)).toEqual([0, 0, 1, 2])
  expect(tally.read()).toEqual({ a: 3, b: 1 })
})

test('limits the IDs; the least recently requested is evicted', () => {
  const tally = createHitCounter(2)
  for (const id of ['a', 'b', 'a', 'c', 'a']) tally.add(id)
  expect(tally.read()).toEqual({ a: 3, c: 1 })
  const whole = createHitCounter()
  for (let n = 0; n < 10_100; n++) whole.add(`${n}`)
  expect(Object.keys(whole.read())).toHaveLength(10_000)
})

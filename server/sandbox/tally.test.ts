import { expect, test } from 'vitest'
import { createTally } from './tally.ts'

test('counts each id, and tells how often it was counted before', () => {
  const tally = createTally()
  expect(['a', 'b', 'a', 'a'].map(tally.add)).toEqual([0, 0, 1, 2])
  expect(tally.read()).toEqual({ a: 3, b: 1 })
})

test('keeps so many ids at most; the one that was not asked for longest leaves', () => {
  const tally = createTally(2)
  for (const id of ['a', 'b', 'a', 'c', 'a']) tally.add(id)
  expect(tally.read()).toEqual({ a: 3, c: 1 })
  const whole = createTally()
  for (let n = 0; n < 10_100; n++) whole.add(`${n}`)
  expect(Object.keys(whole.read())).toHaveLength(10_000)
})

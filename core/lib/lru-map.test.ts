import { expect, test } from 'vitest'
import { LruMap } from './lru-map.ts'

test('evicts the least recently set entry when full', () => {
  const map = new LruMap<string, number>(2).set('a', 1).set('b', 2).set('a', 3)
  expect([...map]).toEqual([
    ['b', 2],
    ['a', 3],
  ])
  expect([...map.set('c', 4).keys()]).toEqual(['a', 'c'])
})

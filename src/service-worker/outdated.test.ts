import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outdated } from './outdated.ts'

const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `/assets/${prefix}${index}.js`)

test('without open pages only the files of this version stay', () => {
  expect(outdated(['/a', '/b', '/c'], new Set(['/b', '/d']), false)).toEqual(['/a', '/c'])
})

test('open pages keep the files of earlier versions, of which the oldest go first', () => {
  const current = new Set(names('new', 40))
  const old = names('old', 200)
  expect(outdated([...old.slice(0, 100), ...current], current, true)).toEqual([])
  expect(outdated([...old, ...current], current, true)).toEqual(old.slice(0, 50))
})

test('no file of this version is ever deleted', () => {
  const url = fc.integer({ min: 0, max: 400 }).map(String)
  fc.assert(
    fc.property(
      fc.uniqueArray(url),
      fc.uniqueArray(url),
      fc.boolean(),
      (stored, current, hasPages) => {
        const deleted = outdated(stored, new Set(current), hasPages)
        expect(deleted.filter((name) => current.includes(name))).toEqual([])
        expect(stored).toEqual(expect.arrayContaining([...deleted]))
      },
    ),
  )
})

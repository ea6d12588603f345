import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchOriginals } from './match-originals.ts'
import type { Original } from './originals.ts'

const sent = (...names: string[]): Original[] =>
  names.map((name) => ({ kind: 'file', file: new File([], name) }))
const results = (...names: (string | null)[]) =>
  names.map((originalName, n) => ({ id: `${n}`, originalName }))
const matched = (names: (string | null)[], originals: Original[], isComplete = true) => {
  const found = matchOriginals(results(...names), originals, isComplete)
  return names.map((_, n) => found.get(`${n}`)?.name ?? null)
}

describe('the original of a result', () => {
  it.each([
    ['has its name, in any order', ['b.png', 'a.png'], ['a.png', 'b.png'], ['b.png', 'a.png']],
    ['is known while others are missing', ['b.png'], ['a.png', 'b.png'], ['b.png']],
    ['is the only one', ['stored'], ['a.png'], ['a.png']],
    ['is the only one left', [null, 'a.png'], ['a.png', 'b.png'], ['b.png', 'a.png']],
    ['is not one of two of a name', ['a.png', 'a.png'], ['a.png', 'A.png'], [null, null]],
    ['is not one of two without a name', [null, null], ['a.png', 'b.png'], [null, null]],
    ['is not one of several yet', ['other'], ['a.png', 'b.png'], [null]],
    ['is none', ['a.png'], [], [null]],
  ])('%s', (_, names, originals, expected) => {
    expect(matched(names, sent(...originals))).toEqual(expected)
  })

  it('is not one left over while others may come', () => {
    expect(matched(['b.png'], sent('a.png'), false)).toEqual([null])
    expect(matched(['a.png'], sent('a.png'), false)).toEqual(['a.png'])
  })

  it('is no image from the web, which only its host has', () => {
    expect(matched(['a.png'], [{ kind: 'url', url: 'https://img.example/a.png' }])).toEqual([null])
  })

  it('is never another image, in whatever order results and files are', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd')
    fc.assert(
      fc.property(fc.array(name, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (names, order) => {
        const originals = sent(...names)
        const listed = names
          .map((originalName, n) => ({ id: `${n}`, originalName, at: order.next().value ?? 0 }))
          .sort((one, other) => one.at - other.at)
        const found = matchOriginals(listed, originals, true)
        for (const [id, file] of found) expect(file).toBe(fileOf(originals[Number(id)]))
        expect(new Set(found.values()).size).toBe(found.size)
      }),
    )
  })
})

const fileOf = (original: Original | undefined) =>
  original?.kind === 'file' ? original.file : null

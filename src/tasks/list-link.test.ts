import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MAX_LINK_LENGTH } from '../lib/paths.ts'
import { fitting, listHash, readListHash } from './list-link.ts'
import { anyId, asId } from './testing-list.ts'
import { MAX_ENTRIES } from './tracked-task.ts'

describe('a link to a list', () => {
  it('parses to the IDs it was made from', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyId), (ids) => {
        const hash = listHash(ids)
        expect(readListHash(hash)).toEqual(ids)
        expect(new URL(`https://loupe.example/${hash}`).hash).toBe(hash)
      }),
    )
  })

  it.each([
    ['#tasks=a,b', ['a', 'b']],
    ['tasks=a', ['a']],
    ['#tasks=a%2Cb', ['a', 'b']],
    ['#tasks=a,,<b>,a, c', ['a', 'c']],
    ['#tasks=a&from=mail', ['a']],
    ['#tasks=', []],
    ['#other=a', null],
    ['', null],
    ['#', null],
  ])('parses %j as %j', (hash, ids) => {
    expect(readListHash(hash)).toEqual(ids)
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        readListHash(text)
        expect(readListHash(`#tasks=${text}`)?.every((id) => /^[\w.~-]+$/.test(id))).toBe(true)
      }),
    )
  })

  it('parses at most MAX_ENTRIES IDs', () => {
    const many = Array.from({ length: MAX_ENTRIES + 10 }, (_, n) => asId(`id${n}`))
    expect(readListHash(`#tasks=${many.join(',')}`)).toEqual(many.slice(0, MAX_ENTRIES))
    expect(readListHash(listHash(many))).toHaveLength(MAX_ENTRIES)
  })

  it('reports how many IDs fit', () => {
    fc.assert(
      fc.property(
        fc.array(anyId, { maxLength: 400 }),
        fc.integer({ min: 0, max: 9000 }),
        (ids, before) => {
          const count = fitting(ids, before)
          const length = (n: number) => before + listHash(ids.slice(0, n)).length
          if (count > 0) expect(length(count)).toBeLessThanOrEqual(MAX_LINK_LENGTH)
          if (count < ids.length) expect(length(count + 1)).toBeGreaterThan(MAX_LINK_LENGTH)
        },
      ),
    )
  })
})

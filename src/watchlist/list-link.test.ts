import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LONGEST_LINK } from '../lib/longest-link.ts'
import { MOST_ENTRIES } from './entry.ts'
import { fitting, listHash, readListHash } from './list-link.ts'
import { anyId, asId } from './testing.ts'

describe('a link to a list', () => {
  it('reads as the ids that it was made of', () => {
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
  ])('reads %j as %j', (hash, ids) => {
    expect(readListHash(hash)).toEqual(ids)
  })

  it('reads anything without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        readListHash(text)
        expect(readListHash(`#tasks=${text}`)?.every((id) => /^[\w.~-]+$/.test(id))).toBe(true)
      }),
    )
  })

  it('reads no more ids than it may', () => {
    const many = Array.from({ length: MOST_ENTRIES + 10 }, (_, n) => asId(`id${n}`))
    expect(readListHash(`#tasks=${many.join(',')}`)).toEqual(many.slice(0, MOST_ENTRIES))
    expect(readListHash(listHash(many))).toHaveLength(MOST_ENTRIES)
  })

  it('says how many ids fit', () => {
    fc.assert(
      fc.property(
        fc.array(anyId, { maxLength: 400 }),
        fc.integer({ min: 0, max: 9000 }),
        (ids, before) => {
          const count = fitting(ids, before)
          const length = (n: number) => before + listHash(ids.slice(0, n)).length
          if (count > 0) expect(length(count)).toBeLessThanOrEqual(LONGEST_LINK)
          if (count < ids.length) expect(length(count + 1)).toBeGreaterThan(LONGEST_LINK)
        },
      ),
    )
  })
})

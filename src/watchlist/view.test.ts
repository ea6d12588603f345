import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GROUPS } from './row.ts'
import {
  DEFAULT_VIEW,
  isDescendingFirst,
  LONGEST_TEXT,
  MOST_MODELS,
  readView,
  SORTS,
  SPANS,
  type Span,
  type View,
  writeView,
} from './view.ts'

const read = (text: string) => readView(new URLSearchParams(text))
const anyText = fc.string({ unit: 'grapheme', maxLength: 40 })

const anyView: fc.Arbitrary<View> = fc.record({
  sort: fc.constantFrom(...SORTS),
  descending: fc.boolean(),
  groups: fc.subarray([...GROUPS]),
  models: fc.uniqueArray(fc.oneof(anyText, fc.constantFrom('a,b', '&model=x', '%')), {
    maxLength: 5,
  }),
  within: fc.option(fc.constantFrom(...(Object.keys(SPANS) as Span[]))),
  search: anyText,
})

describe('a view', () => {
  it('reads from the URL as it was written', () => {
    fc.assert(
      fc.property(anyView, (some) => {
        const view = { ...some, models: some.models.filter((model) => model !== '') }
        expect(readView(writeView(view))).toEqual(view)
        expect(readView(new URL(`https://a/?${writeView(view)}`).searchParams)).toEqual(view)
      }),
    )
  })

  it('leaves what is as ever out of the URL', () => {
    expect(String(writeView(DEFAULT_VIEW))).toBe('')
    expect(read('')).toEqual(DEFAULT_VIEW)
    for (const sort of SORTS) {
      const descending = isDescendingFirst(sort)
      const text = sort === 'added' ? '' : `sort=${sort}`
      expect(String(writeView({ ...DEFAULT_VIEW, sort, descending }))).toBe(text)
    }
  })

  it.each([
    ['sort=name', { sort: 'name', descending: false }],
    ['sort=name&order=desc', { sort: 'name', descending: true }],
    ['sort=credits', { sort: 'credits', descending: true }],
    ['order=asc', { descending: false }],
    ['order=up', {}],
    ['sort=constructor&within=toString&status=__proto__', {}],
    ['status=failed&status=new&status=failed', { groups: ['new', 'failed'] }],
    ['model=&model=b&model=a&model=b', { models: ['b', 'a'] }],
    ['within=24h', { within: '24h' }],
    ['within=25h', {}],
    ['search=+two++words+', { search: ' two  words ' }],
    ['sandbox=1&search=a&search=b', { search: 'a' }],
  ])('reads %j as %o', (text, view) => {
    expect(read(text)).toEqual({ ...DEFAULT_VIEW, ...view })
  })

  it('reads anything, within bounds, and as the same again', () => {
    const anyValue = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...SORTS, ...GROUPS, 'desc', '\ud800', '🌄'.repeat(300), 'x'.repeat(5000)),
    )
    const anyName = fc.constantFrom('sort', 'order', 'status', 'model', 'within', 'search')
    fc.assert(
      fc.property(fc.array(fc.tuple(anyName, anyValue)), (pairs) => {
        const view = readView(new URLSearchParams(pairs))
        expect(readView(writeView(view))).toEqual(view)
        for (const text of [view.search, ...view.models]) {
          expect(Array.from(text).length).toBeLessThanOrEqual(LONGEST_TEXT)
        }
      }),
    )
    const many = Array.from({ length: 200 }, (_, n) => `model=m${n}`).join('&')
    expect(read(many).models).toHaveLength(MOST_MODELS)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DEFAULT_QUERY,
  isDescendingFirst,
  type ListQuery,
  MAX_CHOICES,
  MAX_TEXT_LENGTH,
  parseListQuery,
  SORTS,
  SPANS,
  type Span,
  writeListQuery,
} from './list-query.ts'
import { GROUPS } from './task-group.ts'

const read = (text: string) => parseListQuery(new URLSearchParams(text))
const anyText = fc.string({ unit: 'grapheme', maxLength: 40 })

const anyChoices = fc.uniqueArray(fc.oneof(anyText, fc.constantFrom('a,b', '&model=x', '%')), {
  maxLength: 5,
})

const anyView: fc.Arbitrary<ListQuery> = fc.record({
  sort: fc.constantFrom(...SORTS),
  descending: fc.boolean(),
  groups: fc.subarray([...GROUPS]),
  models: anyChoices,
  labels: anyChoices,
  within: fc.option(fc.constantFrom(...(Object.keys(SPANS) as Span[]))),
  search: anyText,
})

describe('a view', () => {
  it('survives a round trip through the URL', () => {
    fc.assert(
      fc.property(anyView, (some) => {
        const view = {
          ...some,
          models: some.models.filter(Boolean),
          labels: some.labels.filter(Boolean),
        }
        expect(parseListQuery(writeListQuery(view))).toEqual(view)
        expect(parseListQuery(new URL(`https://a/?${writeListQuery(view)}`).searchParams)).toEqual(
          view,
        )
      }),
    )
  })

  it('leaves default values out of the URL', () => {
    expect(String(writeListQuery(DEFAULT_QUERY))).toBe('')
    expect(read('')).toEqual(DEFAULT_QUERY)
    for (const sort of SORTS) {
      const descending = isDescendingFirst(sort)
      const text = sort === 'added' ? '' : `sort=${sort}`
      expect(String(writeListQuery({ ...DEFAULT_QUERY, sort, descending }))).toBe(text)
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
    ['label=&label=b&label=a&label=b', { labels: ['b', 'a'] }],
    ['within=24h', { within: '24h' }],
    ['within=25h', {}],
    ['search=+two++words+', { search: ' two  words ' }],
    ['sandbox=1&search=a&search=b', { search: 'a' }],
  ])('reads %j as %o', (text, view) => {
    expect(read(text)).toEqual({ ...DEFAULT_QUERY, ...view })
  })

  it('parses anything, within bounds, and is idempotent', () => {
    const anyValue = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...SORTS, ...GROUPS, 'desc', '\ud800', '🌄'.repeat(300), 'x'.repeat(5000)),
    )
    const anyName = fc.constantFrom('sort', 'order', 'status', 'model', 'label', 'within', 'search')
    fc.assert(
      fc.property(fc.array(fc.tuple(anyName, anyValue)), (pairs) => {
        const view = parseListQuery(new URLSearchParams(pairs))
        expect(parseListQuery(writeListQuery(view))).toEqual(view)
        for (const text of [view.search, ...view.models, ...view.labels]) {
          expect(Array.from(text).length).toBeLessThanOrEqual(MAX_TEXT_LENGTH)
        }
      }),
    )
    const many = Array.from({ length: 200 }, (_, n) => `model=m${n}`).join('&')
    expect(read(many).models).toHaveLength(MAX_CHOICES)
  })
})

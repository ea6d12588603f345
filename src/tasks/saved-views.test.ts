import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { asApiKey, hashKey } from '../session/api-key.ts'
import { cleanViews, describeQuery, MAX_VIEWS, normalQuery, savedViewsOf } from './saved-views.ts'
import { stubBrowser } from './testing-browser.ts'

afterEach(() => vi.unstubAllGlobals())

const asKey = (text: string) => {
  const key = asApiKey(text)
  if (key === null) throw new Error('not a key')
  return key
}

describe('saved views', () => {
  it('belong to a key, and survive what is not one', () => {
    const { store } = stubBrowser()
    const [one, other] = [asKey('key-one-123456'), asKey('key-two-123456')]
    savedViewsOf(one).set([{ name: 'Poster', query: 'label=Print' }])
    expect(savedViewsOf(one).get()).toEqual([{ name: 'Poster', query: 'label=Print' }])
    expect(savedViewsOf(other).get()).toEqual([])
    expect(JSON.stringify([...store])).not.toContain('key-one')
    store.set(`loupe:views:${hashKey(other)}`, '[{"name":1}]')
    expect(savedViewsOf(other).get()).toEqual([])
  })

  it('have a name, and parameters of the list only', () => {
    const views = [
      { name: ' ', query: 'status=done&within=24h&evil=1' },
      { name: 'a\u202eb', query: '' },
    ]
    expect(cleanViews(views)).toEqual([
      { name: 'Done · Expiring in 24h', query: 'status=done&within=24h' },
      { name: 'a\ufffdb', query: '' },
    ])
    expect(cleanViews(Array(99).fill({ name: 'a', query: '' }))).toHaveLength(MAX_VIEWS)
  })

  it.each([
    ['', 'All tasks'],
    ['status=new&status=running', 'Running'],
    [
      'label=Print&model=nature-boost-4x&search=tram&sort=credits',
      'Print · Nature Boost · “tram” · by credits',
    ],
  ])('%j is described as %j', (query, text) => {
    expect(describeQuery(query)).toBe(text)
  })

  it('are the same once cleaned', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.webQueryParameters(), (name, query) => {
        const views = cleanViews([{ name, query }])
        expect(cleanViews(views)).toEqual(views)
        expect(normalQuery(normalQuery(query))).toBe(normalQuery(query))
      }),
    )
  })
})

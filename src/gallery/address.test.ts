import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOf, DEFAULT_AT, readInstant, readView, THEMES, type View } from './address.ts'

const viewOf = (url: string) => readView(new URL(url, 'https://loupe.example').searchParams)

const views = fc.record<View>({
  theme: fc.constantFrom(...THEMES),
  at: fc.integer({ min: Date.UTC(1971, 0, 2), max: Date.UTC(9998, 0, 1) }),
  width: fc.option(fc.integer({ min: 320, max: 2560 })),
})

describe('the URL of a state', () => {
  it('is parsed as it was written', () => {
    fc.assert(
      fc.property(views, (view) => {
        expect(viewOf(addressOf('enhancing', view))).toEqual(view)
      }),
    )
  })

  it('is readable', () => {
    expect(addressOf('enhancing', { theme: 'dark', at: DEFAULT_AT, width: null })).toBe(
      '/gallery/enhancing?theme=dark&at=2026-01-01T12:00:00Z',
    )
  })

  it.each([
    ['nothing', ''],
    ['nonsense', '?theme=pink&at=noon&width=wide'],
    ['what is out of range', '?at=0001-01-01T00:00:00Z&width=9'],
    ['empty values', '?theme=&at=&width='],
  ])('shows the same for %s', (_, query) => {
    expect(viewOf(`/gallery/x${query}`)).toEqual({ theme: 'light', at: DEFAULT_AT, width: null })
  })

  it('never throws or leaves its range', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (theme, at, width) => {
        const view = readView(new URLSearchParams({ theme, at, width }))
        expect(THEMES).toContain(view.theme)
        expect(Number.isFinite(view.at)).toBe(true)
        expect(view.width === null || (view.width >= 320 && view.width <= 2560)).toBe(true)
      }),
    )
  })
})

describe('a time typed by the user', () => {
  it.each([
    ['2026-01-01T12:00:00Z', DEFAULT_AT],
    [' 2026-01-01T13:00:00+01:00 ', DEFAULT_AT],
    ['tomorrow', null],
    ['', null],
  ])('%j', (text, at) => expect(readInstant(text)).toBe(at))
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paths } from '../lib/paths.ts'
import type { ApiKey } from './api-key.ts'
import { stripKeyFromUrl } from './strip-key-from-url.ts'

const KEY = 'sk-Up_5c4y1.k~ey' as ApiKey

const scrub = (text: string, key: ApiKey | null = KEY) => {
  const { pathname, search, hash } = new URL(text, 'https://loupe.example')
  return stripKeyFromUrl({ pathname, search, hash }, key)
}

const encoded = (text: string) =>
  Array.from(text, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')

describe('the key of this tab', () => {
  it.each([
    [`/tasks/${KEY}`, '/'],
    [`/tasks/abc/${KEY}?sort=name`, '/?sort=name'],
    [`/tasks/${encoded(KEY)}`, '/'],
    [`/tasks/abc?whatever=${KEY}`, '/tasks/abc'],
    [`/tasks/abc?a=1&whatever=${encodeURIComponent(encoded(KEY))}&b=2`, '/tasks/abc?a=1&b=2'],
    [`/tasks/abc?${KEY}`, '/tasks/abc'],
    [`/?next=${encodeURIComponent(`/tasks/abc?k=${encoded(KEY)}`)}`, '/'],
    [`/tasks/abc#${KEY}`, '/tasks/abc'],
    [`/?sort=name#tasks=abc,${KEY}`, '/?sort=name'],
    [`/tasks/abc?${encoded('x')}${KEY}=1#here`, '/tasks/abc#here'],
  ])('is removed from %s', (from, to) => {
    expect(scrub(from)).toBe(to)
  })

  it('is removed anywhere, plain or encoded, and cannot be found in the result', () => {
    const place = fc.constantFrom<(key: string) => string>(
      (key) => `/tasks/${key}`,
      (key) => `/tasks/abc?a=${key}&b=1`,
      (key) => `/tasks/abc?${key}&b=1#c=${key}`,
      (key) => `/tasks/abc#tasks=a,${key}`,
    )
    const key = fc.stringMatching(/^[\x21-\x7e]{8,80}$/)
    const code = fc.constantFrom(encodeURIComponent, encoded, (text: string) =>
      encodeURIComponent(encoded(text)),
    )
    fc.assert(
      fc.property(place, key, code, (put, secret, spell) => {
        const cleaned = scrub(put(spell(secret)), secret as ApiKey)
        expect(cleaned).toMatch(/^\/(?!\/)/)
        expect(cleaned).not.toContain(secret)
        expect(cleaned).not.toContain(spell(secret))
        expect(scrub(cleaned ?? '', secret as ApiKey)).toBe(null)
      }),
    )
  })

  it('is also removed if it contains URL delimiters', () => {
    const key = 'a/b&c?d#e=f%41g' as ApiKey
    expect(scrub(`/tasks/abc?k=${key}`, key)).toBe('/')
    expect(scrub(`/tasks/${key}`, key)).toBe('/')
  })

  it('is ignored if it is as short as an ordinary word', () => {
    expect(scrub('/tasks/abc', 'tasks' as ApiKey)).toBe(null)
  })
})

describe('a parameter named like a key', () => {
  it.each([
    'key',
    'api_key',
    'apikey',
    'apiKey',
    'API-KEY',
    'x-api-key',
    'X_API_KEY',
    'api%5Fkey',
    'token',
    'access_token',
    'auth-token',
    'api_token',
  ])('is taken out as %s, with any value', (name) => {
    expect(scrub(`/tasks/abc?sort=name&${name}=1`, null)).toBe('/tasks/abc?sort=name')
    expect(scrub(`/tasks/abc#${name}=1&x`, null)).toBe('/tasks/abc#x')
    expect(scrub(`/tasks/abc&${name}=1`, null)).toBe('/tasks/abc')
  })

  it.each([
    '/?monkey=1',
    '/?sort_key=1',
    '/?keys=1',
    '/?key',
    '/?key=',
    '/?search=key%3D1',
    '/?search=a%26key%3D1',
    '/?search=key',
    '/#key',
    '/tasks/key',
    '/gallery/key-for-task?theme=dark&at=2026-01-01T12:00:00Z&width=390',
    '/?',
    '/#',
  ])('leaves %s', (text) => {
    expect(scrub(text)).toBe(null)
  })

  it('never results in another origin', () => {
    expect(scrub('https://loupe.example//evil.example/?key=1')).toBe('/evil.example/')
  })
})

describe('a parameter of Loupe itself', () => {
  const name = fc.constantFrom(
    'sort',
    'order',
    'status',
    'model',
    'within',
    'search',
    'theme',
    'at',
    'width',
  )
  const text = fc.string({ unit: 'grapheme' })
  const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/)
  const base64url = fc.stringMatching(/^[A-Za-z0-9_-]{1,400}$/)
  const address = fc.oneof(
    fc
      .array(fc.tuple(name, text))
      .map((params) => `/?${new URLSearchParams(params.map(([n, v]) => [n, v]))}`),
    id.map(paths.task),
    fc.array(id, { minLength: 1 }).map((ids) => `/#tasks=${ids.join(',')}`),
    base64url.map((data) => `/snapshot#1.${data}`),
    base64url.map((token) => `/s/${token}`),
  )

  it('is left unchanged', () => {
    fc.assert(
      fc.property(address, fc.option(fc.uuid()), (made, key) => {
        expect(scrub(made, key as ApiKey | null)).toBe(null)
      }),
    )
  })
})

it('never throws, and never returns a key', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      (pathname, search, hash) => {
        const cleaned = stripKeyFromUrl(
          { pathname: `/${pathname}`, search: `?${search}`, hash: `#${hash}` },
          KEY,
        )
        expect(cleaned ?? '').not.toContain(KEY)
      },
    ),
  )
})

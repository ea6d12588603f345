import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ApiKey, hashKey } from './api-key.ts'
import { parseApiKey } from './parse-api-key.ts'

describe('parseApiKey', () => {
  it('takes a key as it is, without the space around it', () => {
    expect(parseApiKey(' abc-123\n')).toEqual({ ok: true, value: 'abc-123' })
  })

  it.each([
    ['', 'Paste'],
    ['abc\ndef', 'line break'],
    ['abc def', 'space'],
    ['schlüssel', 'characters'],
    ['x'.repeat(513), 'too long'],
  ])('refuses %j', (input, words) => {
    const parsed = parseApiKey(input)
    expect(parsed.ok ? '' : parsed.error).toContain(words)
  })

  it('yields only what fits a header, and never repeats a refused key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 8 }), (input) => {
        const parsed = parseApiKey(input)
        if (parsed.ok)
          expect(new Headers({ 'x-api-key': parsed.value }).get('x-api-key')).toBe(parsed.value)
        else expect(parsed.error).not.toContain(input)
      }),
    )
  })
})

it('stands in for the key with eight hex digits, the same for the same key', () => {
  expect(hashKey('abc' as ApiKey)).toMatch(/^[0-9a-f]{8}$/)
  expect(hashKey('abc' as ApiKey)).toBe(hashKey('abc' as ApiKey))
  expect(hashKey('abc' as ApiKey)).not.toBe(hashKey('abd' as ApiKey))
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ApiKey, hashKey } from './api-key.ts'
import { parseApiKey } from './parse-api-key.ts'

describe('parseApiKey', () => {
  it('trims surrounding whitespace', () => {
    expect(parseApiKey(' abc-123\n')).toEqual({ ok: true, value: 'abc-123' })
  })

  it.each([
    ['', 'Paste'],
    ['abc\ndef', 'line break'],
    ['abc def', 'space'],
    ['schlüssel', 'characters'],
    ['x'.repeat(513), 'too long'],
    ['abc', 'too short'],
  ])('rejects %j', (input, words) => {
    const parsed = parseApiKey(input)
    expect(parsed.ok ? '' : parsed.error).toContain(words)
  })

  it('returns only valid header values, and never repeats a rejected key', () => {
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

it('hashes a key to eight hex digits, deterministically', () => {
  expect(hashKey('abc' as ApiKey)).toMatch(/^[0-9a-f]{8}$/)
  expect(hashKey('abc' as ApiKey)).toBe(hashKey('abc' as ApiKey))
  expect(hashKey('abc' as ApiKey)).not.toBe(hashKey('abd' as ApiKey))
})

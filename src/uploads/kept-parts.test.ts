import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { holdClock } from '../lib/clock.ts'
import { createKeptParts, type PartsState, parseKeptParts } from './kept-parts.ts'
import { memoryTexts } from './testing.ts'

const AT = Date.UTC(2026, 0, 1, 12)

/** An upload of parts of 10 bytes. */
const open = (count: number, url = 'https://storage.example/', expiresAt = AT): PartsState => ({
  kind: 'open',
  upload: {
    uploadId: 'u1',
    file: { path: '/u1', fileSize: count * 10 },
    expiresAt,
    parts: Array.from({ length: count }, (_, n) => ({
      number: n + 1,
      url: `${url}${n + 1}`,
      from: n * 10,
      to: n * 10 + 10,
    })),
  },
  sent: [{ number: 1, etag: '"e"' }],
  joining: false,
})
const COMPLETE: PartsState = { kind: 'complete', file: { path: '/u2' } }

afterEach(() => holdClock(null))

describe('uploads by parts of a tab', () => {
  it('are there after a reload, if they are restored', () => {
    holdClock(AT - 1)
    const texts = memoryTexts()
    const before = createKeptParts('parts', texts)
    before.set('a', open(3))
    before.set('b', COMPLETE)
    before.set('c', open(2))
    const after = createKeptParts('parts', texts)
    expect(after.get('a')).toBeNull()
    after.restore(['a', 'b', 'other'])
    expect([after.get('a'), after.get('b'), after.get('c')]).toEqual([open(3), COMPLETE, null])
    // What is not restored is stored no longer.
    expect([...parseKeptParts(texts.get('parts')).keys()]).toEqual(['a', 'b'])
    after.set('a', null)
    after.set('b', null)
    expect(texts.get('parts')).toBeNull()
  })

  it('keep no link that has expired', () => {
    const texts = memoryTexts()
    createKeptParts('parts', texts).set('a', open(3))
    holdClock(AT)
    const after = createKeptParts('parts', texts)
    after.restore(['a'])
    expect(after.get('a')).toEqual({ kind: 'expired' })
    expect(texts.get('parts')).not.toContain('storage.example')
  })

  it('are removed with the key, also what arrives later', () => {
    const texts = memoryTexts()
    const parts = createKeptParts('parts', texts)
    parts.set('a', open(3))
    parts.close()
    parts.set('a', COMPLETE)
    expect(texts.get('parts')).toBeNull()
  })

  it('store the newest only, where all are too large', () => {
    const texts = memoryTexts()
    const parts = createKeptParts('parts', texts)
    const long = `https://storage.example/${'x'.repeat(1000)}/`
    for (const name of ['a', 'b', 'c']) parts.set(name, open(400, long))
    expect([...parseKeptParts(texts.get('parts')).keys()]).toEqual(['b', 'c'])
    expect(parts.get('a')).not.toBeNull()
  })
})

describe('a stored text', () => {
  it.each([
    ['a gap', { from: 11 }],
    ['a part that is out of order', { number: 3 }],
    ['no bytes', { to: 10 }],
    ['another scheme', { url: 'javascript:1' }],
  ])('with %s is not believed', (_, change) => {
    const state = open(3)
    if (state.kind !== 'open') throw new Error()
    const parts = state.upload.parts.map((part, n) => (n === 1 ? { ...part, ...change } : part))
    const changed = { ...state, upload: { ...state.upload, parts } }
    expect(parseKeptParts(JSON.stringify([['a', state]])).size).toBe(1)
    expect(parseKeptParts(JSON.stringify([['a', changed]])).size).toBe(0)
  })

  it('of anything has valid uploads or none', () => {
    const near = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .array(fc.tuple(fc.string(), fc.constantFrom<unknown>(open(2), COMPLETE, {}, null)))
        .map((entries) => JSON.stringify(entries)),
    )
    fc.assert(
      fc.property(near, (text) => {
        const parsed = parseKeptParts(text)
        // Storing and parsing again changes nothing.
        expect(parseKeptParts(JSON.stringify([...parsed]))).toEqual(parsed)
      }),
    )
  })
})

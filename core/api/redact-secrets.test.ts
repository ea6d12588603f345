import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createRedactor, createSecretRedactor, REMOVED } from './redact-secrets.ts'

const KEY = 'Key+12/34=ab'
const ID = 'my-task.7'
const UUID = '0b0e7e4c-5c1d-4f7e-9a3b-1f2e3d4c5b6a'
const scrub = createRedactor([KEY, ID])

describe('scrub', () => {
  it.each([
    ['nothing to take out: 64 % of 4x, and/or 12:30', null],
    [`the key ${KEY}.`, 'the key [removed].'],
    [`THE KEY ${KEY.toUpperCase()}`, 'THE KEY [removed]'],
    [`q=${encodeURIComponent(KEY)}&x`, 'q=[removed]&x'],
    [`q=${encodeURIComponent(encodeURIComponent(KEY))}&x`, 'q=[removed]&x'],
    ['q=%4bey%2b12%2F34%3dab', 'q=[removed]'],
    [JSON.stringify({ key: KEY }).replaceAll('/', String.raw`\/`), '{"key":"[removed]"}'],
    [String.raw`\u004bey\u002b12/34=ab`, '[removed]'],
    [`task ${ID}, task ${ID}x`, 'task [removed], task [removed]x'],
    [`user ${UUID}!`, 'user [removed]!'],
    [`user ${UUID.toUpperCase()}!`, 'user [removed]!'],
    [`user ${UUID.replaceAll('-', '')}!`, 'user [removed]!'],
    [`user ${UUID.replaceAll('-', '%2D')}!`, 'user [removed]!'],
    ['see https://files.example/a?b=c#d now', 'see [removed] now'],
    ['see HTTP://h now', 'see [removed] now'],
    ['see https%3A%2F%2Ffiles.example%2Fa now', 'see [removed] now'],
    [String.raw`{"url":"https:\/\/files.example\/a"}`, '{"url":"[removed]'],
    ['in s3://bucket/users/7 now', 'in [removed] now'],
  ])('%s', (text, expected) => {
    expect(scrub(text)).toBe(expected ?? text)
  })

  it('ignores secrets that are too short', () => {
    expect(createRedactor(['100', '', 'done'])('done: 100')).toBe('done: 100')
  })

  it('removes the whole of a secret that begins with another', () => {
    expect(createRedactor(['secret', 'secret-two'])('secret-two')).toBe(REMOVED)
  })

  it('is not slowed down by long repetitive texts', () => {
    const parts = ['a', '\\', '%25', '%', '0', '-', 'a:', '/', 'http', 'my-', '3a%', '\\u00']
    // A backtracking search would exceed the test's timeout many times over.
    for (const part of parts) expect(scrub(part.repeat(100_000)).length).toBeGreaterThan(0)
  })

  it('leaves no secret, whatever its characters and context', () => {
    const around = fc.string({ maxLength: 12 })
    const secret = fc
      .string({ minLength: 8, maxLength: 40 })
      .map((text) => text.replace(/\s/g, '_'))
    fc.assert(
      fc.property(around, secret, around, (before, hidden, after) => {
        const clean = createRedactor([hidden])(before + hidden + after)
        expect(clean.toLowerCase()).not.toContain(hidden.toLowerCase())
      }),
    )
  })
})

describe('createSecretRedactor', () => {
  const alone = createSecretRedactor(KEY)
  const base64 = (text: string) => Buffer.from(text).toString('base64')

  it.each([
    [`https://files.example/${UUID}?a=1`, null],
    [
      `https://files.example/a?key=${encodeURIComponent(KEY)}&b`,
      `https://files.example/a?key=${REMOVED}&b`,
    ],
    [`{"name":${JSON.stringify(KEY)}}`, `{"name":"${REMOVED}"}`],
    [`hex ${Buffer.from(KEY).toString('hex')}.`, `hex ${REMOVED}.`],
    [`HEX ${Buffer.from(KEY).toString('hex').toUpperCase()}.`, `HEX ${REMOVED}.`],
  ])('%s', (text, expected) => {
    expect(alone(text)).toBe(expected ?? text)
  })

  it('leaves no base64 of it, at any offset in the encoded data', () => {
    const printable = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' })
    fc.assert(
      fc.property(printable, fc.string(), fc.string(), (secret, before, after) => {
        const clean = createSecretRedactor(secret)(base64(before + secret + after))
        expect(Buffer.from(clean, 'base64').toString()).not.toContain(secret)
        expect(clean).toContain(REMOVED)
      }),
    )
    expect(alone(Buffer.from(`x${KEY}`).toString('base64url'))).toContain(REMOVED)
  })

  const SIGNS = ['\\', '\\"', '"\\', '%\\', '\\u0022', '%25', 'a', '/']

  it.each(SIGNS)('finds a secret of only %s in any escaping', (sign) => {
    const secret = sign.repeat(6)
    const json = JSON.stringify(secret)
    const hex = [...secret].map((char) => char.charCodeAt(0).toString(16))
    const spelled = [
      ...[secret, json, JSON.stringify(json), encodeURIComponent(secret)],
      ...[hex.map((code) => `%${code}`).join(''), hex.map((code) => `\\u00${code}`).join('')],
      json.replaceAll('\\"', '\\u0022'),
    ]
    for (const text of spelled)
      expect(createSecretRedactor(secret)(`a ${text} b`)).toContain(REMOVED)
  })

  it.each(SIGNS)('is fast if a secret of only %s is truncated', (sign) => {
    const search = createSecretRedactor(`${sign.repeat(80)}Z`)
    const cut = sign.repeat(80)
    const texts = [cut, JSON.stringify(cut), JSON.stringify(cut).replaceAll('\\"', '\\u0022')]
    texts.push(JSON.stringify(JSON.stringify(cut)), encodeURIComponent(cut))
    // An exponential search would exceed the test's timeout many times over.
    for (const text of texts) expect(search(text)).not.toContain(REMOVED)
  })

  // A pattern for a key of 512 characters takes longer to compile than a server can spend per request.
  it.each([
    ['a secret of usual length', 'upscayl_Key+7/42=do-not-tell'],
    ['a secret of punctuation', '!'.repeat(512)],
    ['of what is escaped', '\\%25'.repeat(128)],
  ])('%s is found without compiling a pattern', (_, secret) => {
    vi.stubGlobal('RegExp', () => expect.fail('A pattern was compiled.'))
    onTestFinished(() => void vi.unstubAllGlobals())
    for (const text of [secret, encodeURIComponent(secret), JSON.stringify(secret)]) {
      expect(createSecretRedactor(secret)(text)).toContain(REMOVED)
      expect(createRedactor([secret])(text)).toContain(REMOVED)
    }
  })

  it('ignores a secret that is too short', () => {
    expect(createSecretRedactor('done')('done')).toBe('done')
  })
})

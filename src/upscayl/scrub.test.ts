import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createScrub, createSecretScrub, REMOVED } from './scrub.ts'

const KEY = 'Key+12/34=ab'
const ID = 'my-task.7'
const UUID = '0b0e7e4c-5c1d-4f7e-9a3b-1f2e3d4c5b6a'
const scrub = createScrub([KEY, ID])

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

  it('leaves alone what is too short to be told from words', () => {
    expect(createScrub(['100', '', 'done'])('done: 100')).toBe('done: 100')
  })

  it('takes out the whole of a secret that begins with another', () => {
    expect(createScrub(['secret', 'secret-two'])('secret-two')).toBe(REMOVED)
  })

  it('is not slowed down by long texts of any one sort', () => {
    const parts = ['a', '\\', '%25', '%', '0', '-', 'a:', '/', 'http', 'my-', '3a%', '\\u00']
    // A search that goes back and forth would outlast the test's time many times over.
    for (const part of parts) expect(scrub(part.repeat(100_000)).length).toBeGreaterThan(0)
  })

  it('leaves no secret, whatever its signs and whatever is around it', () => {
    const around = fc.string({ maxLength: 12 })
    const secret = fc
      .string({ minLength: 8, maxLength: 40 })
      .map((text) => text.replace(/\s/g, '_'))
    fc.assert(
      fc.property(around, secret, around, (before, hidden, after) => {
        const clean = createScrub([hidden])(before + hidden + after)
        expect(clean.toLowerCase()).not.toContain(hidden.toLowerCase())
      }),
    )
  })
})

describe('the scrub of one secret', () => {
  const alone = createSecretScrub(KEY)
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

  it('leaves no base64 of it, wherever in what was encoded it begins', () => {
    const printable = fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' })
    fc.assert(
      fc.property(printable, fc.string(), fc.string(), (secret, before, after) => {
        const clean = createSecretScrub(secret)(base64(before + secret + after))
        expect(Buffer.from(clean, 'base64').toString()).not.toContain(secret)
        expect(clean).toContain(REMOVED)
      }),
    )
    expect(alone(Buffer.from(`x${KEY}`).toString('base64url'))).toContain(REMOVED)
  })

  const SIGNS = ['\\', '\\"', '"\\', '%\\', '\\u0022', '%25', 'a', '/']

  it.each(SIGNS)('of nothing but %s is found however it is escaped', (sign) => {
    const secret = sign.repeat(6)
    const json = JSON.stringify(secret)
    const hex = [...secret].map((char) => char.charCodeAt(0).toString(16))
    const spelled = [
      ...[secret, json, JSON.stringify(json), encodeURIComponent(secret)],
      ...[hex.map((code) => `%${code}`).join(''), hex.map((code) => `\\u00${code}`).join('')],
      json.replaceAll('\\"', '\\u0022'),
    ]
    for (const text of spelled) expect(createSecretScrub(secret)(`a ${text} b`)).toContain(REMOVED)
  })

  it.each(SIGNS)('of nothing but %s is not searched for ever where it is cut off', (sign) => {
    const search = createSecretScrub(`${sign.repeat(80)}Z`)
    const cut = sign.repeat(80)
    const texts = [cut, JSON.stringify(cut), JSON.stringify(cut).replaceAll('\\"', '\\u0022')]
    texts.push(JSON.stringify(JSON.stringify(cut)), encodeURIComponent(cut))
    // A search that tries all ways would outlast the test's time many times over.
    for (const text of texts) expect(search(text)).not.toContain(REMOVED)
  })

  // One for a key of 512 signs takes longer to compile than a server has for a stranger.
  it.each([
    ['of usual length', 'upscayl_Key+7/42=do-not-tell'],
    ['of signs', '!'.repeat(512)],
    ['of what is escaped', '\\%25'.repeat(128)],
  ])('%s is found without a pattern that is compiled', (_, secret) => {
    vi.stubGlobal('RegExp', () => expect.fail('A pattern was compiled.'))
    onTestFinished(() => void vi.unstubAllGlobals())
    for (const text of [secret, encodeURIComponent(secret), JSON.stringify(secret)]) {
      expect(createSecretScrub(secret)(text)).toContain(REMOVED)
      expect(createScrub([secret])(text)).toContain(REMOVED)
    }
  })

  it('leaves alone what is too short to be a secret', () => {
    expect(createSecretScrub('done')('done')).toBe('done')
  })
})

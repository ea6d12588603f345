import { expect, test } from 'vitest'
import { readSettings } from './settings.ts'

const LOUPE_KEY_SECRET = 'key-secret-0123456789abcdef-0123456789'
const SHARE_SECRET = 'share-secret-0123456789abcdef-01234567'

test('one secret is enough: then the real API is used, without live links', async () => {
  const settings = await readSettings({ LOUPE_KEY_SECRET, ASSETS: {} })
  expect(settings).toMatchObject({
    ok: true,
    value: { baseUrl: 'https://api.upscayl.org', ciphers: null },
  })
})

test('all secrets for live links decrypt them, and another API can be set', async () => {
  const settings = await readSettings({
    LOUPE_KEY_SECRET,
    SHARE_SECRET: `${SHARE_SECRET},${SHARE_SECRET}-older`,
    UPSCAYL_API_URL: 'https://api.example/v1/',
  })
  if (!settings.ok) throw new Error(settings.error.join(' '))
  expect(settings.value.baseUrl).toBe('https://api.example/v1')
  expect(settings.value.ciphers).toHaveLength(2)
})

test.each([undefined, '', 'too-short', {}])('%s is no secret for object names', async (secret) => {
  const settings = await readSettings({ LOUPE_KEY_SECRET: secret })
  expect(settings).toEqual({ ok: false, error: [expect.stringContaining('LOUPE_KEY_SECRET')] })
})

test('every invalid setting is reported at once, but no secret', async () => {
  const settings = await readSettings({ SHARE_SECRET: 'hunter2', LOUPE_ORIGIN: 'loupe' })
  if (settings.ok) throw new Error('These settings cannot be used.')
  expect(settings.error).toHaveLength(3)
  expect(settings.error.join()).not.toContain('hunter2')
})

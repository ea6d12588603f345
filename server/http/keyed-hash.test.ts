import { expect, test } from 'vitest'
import { fromBase64url } from '../../core/lib/base64url.ts'
import { keyedHash } from './keyed-hash.ts'

test('is HMAC-SHA-256 (RFC 4231, test case 2)', async () => {
  const hash = await keyedHash(new TextEncoder().encode('Jefe'), 'what do ya want for nothing?')
  expect(Buffer.from(fromBase64url(hash) ?? []).toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

import { toBase64url } from '../src/lib/base64url.ts'

/**
 * HMAC-SHA-256 in base64url: stands in for a text that must not be told or stored, and is the same
 * for the same text under the same secret.
 */
export async function keyedHash(secret: Uint8Array<ArrayBuffer>, text: string): Promise<string> {
  const key = await crypto.subtle.importKey(
    'raw',
    secret,
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const hash = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(text))
  return toBase64url(new Uint8Array(hash))
}

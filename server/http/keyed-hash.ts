import { toBase64url } from '../../core/lib/base64url.ts'

/**
 * HMAC-SHA-256 in base64url: replaces a text that must not be revealed or stored. Deterministic for
 * the same text and secret.
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

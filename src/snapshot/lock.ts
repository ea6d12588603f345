import { err, ok, type Result } from '../lib/result.ts'
import { within } from '../lib/within.ts'

/*
 * A passphrase over a snapshot: PBKDF2 makes the key, AES-256-GCM locks and tells whether it is the
 * right one. What is locked begins with the salt and the initialization vector.
 */

/** OWASP Password Storage Cheat Sheet, for PBKDF2 with HMAC-SHA-256. */
const ITERATIONS = 600_000
const SALT = 16
const VECTOR = 12
const TAG = 16

/** Making the key takes a second, and on a slow device some. */
const PATIENCE = 30_000

/** What locking adds, in bytes. */
export const LOCK_SIZE = SALT + VECTOR + TAG

/** Browsers have WebCrypto only on https pages and on this machine itself (Secure Contexts, W3C). */
export function canLock(): boolean {
  try {
    return crypto.subtle !== undefined
  } catch {
    return false
  }
}

type Bytes = Uint8Array<ArrayBuffer>

async function keyOf(passphrase: string, salt: Bytes): Promise<CryptoKey> {
  // The same letter may be typed in two ways.
  const typed = new TextEncoder().encode(passphrase.normalize('NFC'))
  const material = await crypto.subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveKey'])
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ITERATIONS },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
}

const gcm = (iv: Bytes, bound: string) => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(bound),
})

/** `bound`: what stands beside it in the open and cannot be changed either. Needs `canLock`. */
export async function lock(bytes: Bytes, passphrase: string, bound: string): Promise<Bytes> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT))
  const vector = crypto.getRandomValues(new Uint8Array(VECTOR))
  const key = await within(keyOf(passphrase, salt), PATIENCE)
  const locked = await crypto.subtle.encrypt(gcm(vector, bound), key, bytes)
  return new Uint8Array([...salt, ...vector, ...new Uint8Array(locked)])
}

/** Another passphrase and another text look the same. Needs `canLock`. Never rejects. */
export async function unlock(
  bytes: Bytes,
  passphrase: string,
  bound: string,
): Promise<Result<Bytes, 'wrong-passphrase' | 'no-crypto'>> {
  const making = within(keyOf(passphrase, bytes.slice(0, SALT)), PATIENCE)
  const key = await making.catch(() => null)
  if (key === null) return err('no-crypto')
  const vector = bytes.slice(SALT, SALT + VECTOR)
  try {
    const opened = await crypto.subtle.decrypt(gcm(vector, bound), key, bytes.slice(SALT + VECTOR))
    return ok(new Uint8Array(opened))
  } catch {
    return err('wrong-passphrase')
  }
}

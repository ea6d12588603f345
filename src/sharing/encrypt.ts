import { err, ok, type Result } from '../../core/lib/result.ts'
import { within } from '../lib/within.ts'

/*
 * Passphrase encryption of a snapshot: PBKDF2 derives the key, AES-256-GCM encrypts and detects a
 * wrong key. The output begins with the salt and the initialization vector.
 */

/** OWASP Password Storage Cheat Sheet, for PBKDF2 with HMAC-SHA-256. */
const ITERATIONS = 600_000
const SALT = 16
const VECTOR = 12
const TAG = 16

/** Key derivation takes about a second, several on a slow device. */
const PATIENCE = 30_000

/** Bytes that encryption adds. */
export const LOCK_SIZE = SALT + VECTOR + TAG

/** Browsers provide WebCrypto only on https pages and localhost (Secure Contexts, W3C). */
export function canEncrypt(): boolean {
  try {
    return crypto.subtle !== undefined
  } catch {
    return false
  }
}

type Bytes = Uint8Array<ArrayBuffer>

async function keyOf(passphrase: string, salt: Bytes): Promise<CryptoKey> {
  // The same letter can be typed in two Unicode forms.
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

/** `bound`: unencrypted text that is authenticated with the data. Needs `canEncrypt`. */
export async function encrypt(bytes: Bytes, passphrase: string, bound: string): Promise<Bytes> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT))
  const vector = crypto.getRandomValues(new Uint8Array(VECTOR))
  const key = await within(keyOf(passphrase, salt), PATIENCE)
  const locked = await crypto.subtle.encrypt(gcm(vector, bound), key, bytes)
  return new Uint8Array([...salt, ...vector, ...new Uint8Array(locked)])
}

/** Cannot tell a wrong passphrase from a changed text. Needs `canEncrypt`. Never rejects. */
export async function decrypt(
  bytes: Bytes,
  passphrase: string,
  bound: string,
): Promise<Result<Bytes, 'wrong-passphrase' | 'no-crypto'>> {
  const keyPromise = within(keyOf(passphrase, bytes.slice(0, SALT)), PATIENCE)
  const key = await keyPromise.catch(() => null)
  if (key === null) return err('no-crypto')
  const vector = bytes.slice(SALT, SALT + VECTOR)
  try {
    const opened = await crypto.subtle.decrypt(gcm(vector, bound), key, bytes.slice(SALT + VECTOR))
    return ok(new Uint8Array(opened))
  } catch {
    return err('wrong-passphrase')
  }
}

import * as v from 'valibot'
import { type TaskId, taskIdSchema } from '../../core/api/task-id.ts'
import type { Visibility } from '../../core/api/visibility.ts'
import { fromBase64url, toBase64url } from '../../core/lib/base64url.ts'

/*
 * The encrypted content of a live link, readable only by this server. A token is, in base64url:
 *
 *   version (1) | id of the secret (5) | share id (12) | AES-256-GCM of the grant, with its tag
 *
 * The share ID is the random 96-bit nonce. From the sender's key and the stored share the same token can
 * be recreated, though neither key nor token is stored. For that a grant must always be serialized the
 * same way: a change must raise VERSION, which changes the encryption keys, because one nonce must never
 * encrypt two texts under one key.
 */

const VERSION = 1
const SECRET_ID_BYTES = 5
const SHARE_ID_BYTES = 12 // AES-GCM uses this nonce length directly (NIST SP 800-38D, 5.2.1.1)
const HEAD_BYTES = 1 + SECRET_ID_BYTES + SHARE_ID_BYTES

/** Above the longest key and task ID. Longer tokens are rejected unread. */
export const MAX_TOKEN_LENGTH = 2048

/** 16 characters of base64url. */
export type ShareId = string & { readonly __brand: 'ShareId' }

export const asShareId = (text: string): ShareId | null =>
  /^[\w-]{16}$/.test(text) ? (text as ShareId) : null

/** Rights of a token's holder, and their end (epoch ms). */
export interface ShareGrant {
  readonly key: string
  readonly taskId: TaskId
  readonly endsAt: number
  readonly shown: Visibility
}

/** The operations of one secret. */
export interface TokenCipher {
  readonly encrypt: (id: ShareId, grant: ShareGrant) => Promise<string>
  /** Null for any token not created with this secret. */
  readonly decrypt: (token: string) => Promise<{ id: ShareId; grant: ShareGrant } | null>
  /** Replaces an API key that must not be stored. */
  readonly hashKey: (key: string) => Promise<string>
}

export const newShareId = (): ShareId =>
  toBase64url(crypto.getRandomValues(new Uint8Array(SHARE_ID_BYTES))) as ShareId

const grantSchema = v.strictObject({
  key: v.string(),
  task: taskIdSchema,
  ends: v.pipe(v.number(), v.safeInteger()),
  credits: v.boolean(),
  links: v.boolean(),
})

const utf8 = new TextEncoder()

export async function createTokenCipher(secret: string): Promise<TokenCipher> {
  const source = await crypto.subtle.importKey('raw', utf8.encode(secret), 'HKDF', false, [
    'deriveKey',
    'deriveBits',
  ])
  const derivation = (purpose: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: utf8.encode(`loupe share ${VERSION} ${purpose}`),
  })
  const [encryptionKey, signingKey, secretId] = await Promise.all([
    crypto.subtle.deriveKey(derivation('token'), source, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
    crypto.subtle.deriveKey(
      derivation('owner'),
      source,
      { name: 'HMAC', hash: 'SHA-256', length: 256 },
      false,
      ['sign'],
    ),
    crypto.subtle.deriveBits(derivation('id'), source, SECRET_ID_BYTES * 8),
  ])
  const head = new Uint8Array([VERSION, ...new Uint8Array(secretId)])
  const cipher = (iv: Uint8Array<ArrayBuffer>) => ({ name: 'AES-GCM', iv, additionalData: head })

  return {
    async encrypt(id, { key, taskId, endsAt, shown }) {
      const iv = fromBase64url(id)
      if (iv?.length !== SHARE_ID_BYTES) throw new Error('Invalid share ID.')
      const { credits, links } = shown
      const grant = JSON.stringify({ key, task: taskId, ends: endsAt, credits, links })
      const ciphertext = await crypto.subtle.encrypt(cipher(iv), encryptionKey, utf8.encode(grant))
      return toBase64url(new Uint8Array([...head, ...iv, ...new Uint8Array(ciphertext)]))
    },
    async decrypt(token) {
      const bytes = token.length > MAX_TOKEN_LENGTH ? null : fromBase64url(token)
      if (bytes === null || bytes.length <= HEAD_BYTES) return null
      if (!head.every((byte, at) => byte === bytes[at])) return null
      const iv = bytes.slice(head.length, HEAD_BYTES)
      const text = await crypto.subtle
        .decrypt(cipher(iv), encryptionKey, bytes.slice(HEAD_BYTES))
        .then((plain) => new TextDecoder().decode(plain))
        .catch(() => null)
      if (text === null) return null
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), grantSchema), text)
      if (!parsed.success) return null
      const { key, task, ends, credits, links } = parsed.output
      const grant = { key, taskId: task, endsAt: ends, shown: { credits, links } }
      return { id: toBase64url(iv) as ShareId, grant }
    },
    async hashKey(key) {
      return toBase64url(
        new Uint8Array(await crypto.subtle.sign('HMAC', signingKey, utf8.encode(key))),
      )
    },
  }
}

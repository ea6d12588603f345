/** Parsed Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header). */
export type IdempotencyKey =
  | { readonly usable: true; readonly key: string }
  | { readonly usable: false }

export const IDEMPOTENCY_KEY = 'idempotency-key'

/** Error for an invalid key. */
export const KEY_RULE =
  'The header Idempotency-Key must hold 1 to 255 printable characters, in quotes or without spaces.'

/** An RFC 9651 string, as the draft requires, or the same without quotes, as most clients send it. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\]){1,255})"$/
const BARE = /^[!#-[\]-~]{1,255}$/

export function readIdempotencyKey(headers: Headers): IdempotencyKey | null {
  const text = headers.get(IDEMPOTENCY_KEY)
  if (text === null) return null
  const [, quoted] = QUOTED.exec(text) ?? []
  if (quoted !== undefined) return { usable: true, key: quoted.replace(/\\(.)/g, '$1') }
  return BARE.test(text) ? { usable: true, key: text } : { usable: false }
}

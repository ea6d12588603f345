/** What the header Idempotency-Key says (draft-ietf-httpapi-idempotency-key-header); null where it is not there. */
export type IdempotencyKey =
  | { readonly usable: true; readonly key: string }
  | { readonly usable: false }

export const IDEMPOTENCY_KEY = 'idempotency-key'

/** The sentence for one that cannot be used. */
export const KEY_RULE =
  'The header Idempotency-Key must hold 1 to 255 printable characters, in quotes or without spaces.'

/** A string of RFC 9651, as the draft wants it, or what most clients send: the same without quotes. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\]){1,255})"$/
const BARE = /^[!#-[\]-~]{1,255}$/

export function readIdempotencyKey(headers: Headers): IdempotencyKey | null {
  const text = headers.get(IDEMPOTENCY_KEY)
  if (text === null) return null
  const [, quoted] = QUOTED.exec(text) ?? []
  if (quoted !== undefined) return { usable: true, key: quoted.replace(/\\(.)/g, '$1') }
  return BARE.test(text) ? { usable: true, key: text } : { usable: false }
}

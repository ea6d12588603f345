import { MAX_TOKEN_LENGTH, type ShareGrant, type ShareId, type TokenCipher } from './share-token.ts'

/** The decrypted live link of a request; null if it has none that was created here. */
export async function readLink(
  headers: Headers,
  ciphers: readonly TokenCipher[],
): Promise<{ id: ShareId; grant: ShareGrant } | null> {
  const token = tokenOf(headers)
  if (token === null) return null
  for (const cipher of ciphers) {
    const found = await cipher.decrypt(token)
    if (found !== null) return found
  }
  return null
}

/** In a header, because URLs get logged along the way. */
function tokenOf(headers: Headers): string | null {
  const header = headers.get('authorization') ?? ''
  if (header.length > MAX_TOKEN_LENGTH + 'Bearer '.length) return null
  return /^Bearer ([\w-]+)$/i.exec(header)?.[1] ?? null
}

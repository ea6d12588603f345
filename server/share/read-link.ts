import { type Grant, LONGEST_TOKEN, type Sealer, type ShareId } from './sealer.ts'

/** The live link that a request brings, opened; null where it brings none that was made here. */
export async function readLink(
  headers: Headers,
  sealers: readonly Sealer[],
): Promise<{ id: ShareId; grant: Grant } | null> {
  const token = tokenOf(headers)
  if (token === null) return null
  for (const sealer of sealers) {
    const found = await sealer.open(token)
    if (found !== null) return found
  }
  return null
}

/** In a header, because addresses are logged on the way. */
function tokenOf(headers: Headers): string | null {
  const header = headers.get('authorization') ?? ''
  if (header.length > LONGEST_TOKEN + 'Bearer '.length) return null
  return /^Bearer ([\w-]+)$/i.exec(header)?.[1] ?? null
}

/** RFC 4648, section 5, without padding: safe in a URL, its fragment, a header and a file name. */
export const toBase64url = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** Encoded length of a number of bytes, in characters. */
export const base64urlLength = (bytes: number): number => Math.ceil((bytes * 4) / 3)

/** Null for any text that `toBase64url` would not produce, so each value has exactly one encoding. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return null
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0))
  return toBase64url(bytes) === text ? bytes : null
}

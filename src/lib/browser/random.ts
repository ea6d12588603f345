/**
 * So many random bytes in hexadecimal, to tell things apart by. crypto.randomUUID needs a secure context,
 * which plain http to another machine is not; without any crypto they are still hard to meet twice.
 */
export function randomHex(bytes: number): string {
  const random = new Uint8Array(bytes)
  try {
    crypto.getRandomValues(random)
  } catch {
    for (const n of random.keys()) random[n] = Math.random() * 256
  }
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * Random bytes in hexadecimal, for unique IDs. crypto.randomUUID needs a secure context, which
 * plain http to another machine is not; without any crypto collisions are still unlikely.
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

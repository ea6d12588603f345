import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/** As the sandbox has it. */
export const PART_BYTES = 5 * 2 ** 20

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

/** A JPEG with a small image and much after its end, as cameras append a film. */
export async function largeImage(size: number): Promise<Buffer> {
  const image = await sharp({ create: { width: 64, height: 48, channels: 3, background: 'teal' } })
    .jpeg()
    .toBuffer()
  return Buffer.concat([image, randomBytes(size - image.length)])
}

/** Hashes of all files of that size in a folder. */
export async function hashesOf(folder: string, bytes: number): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true })
  const hashes: string[] = []
  for (const name of names) {
    const path = join(folder, name)
    const { size } = await stat(path).catch(() => ({ size: 0 }))
    if (size === bytes) hashes.push(sha256(await readFile(path)))
  }
  return hashes
}

import { readFile } from 'node:fs/promises'
import type { Picture } from '../../../src/upscayl/samples.ts'
import { writeAtomically } from '../atomic-write.ts'
import { paint } from './paint.ts'

const CANVAS = { width: 960, height: 600, seed: 1 }

const painting = new Map<string, Promise<Buffer<ArrayBuffer>>>()

/** A picture for the shared samples: painted when it is first asked for, then read from `path`. */
export async function paintSample(picture: Picture, path: string): Promise<Buffer<ArrayBuffer>> {
  try {
    return await readFile(path)
  } catch {
    // A page asks for several at once, and for some of them twice.
    const begun = painting.get(path) ?? paintTo(picture, path)
    painting.set(path, begun)
    return begun.finally(() => painting.delete(path))
  }
}

async function paintTo(picture: Picture, path: string): Promise<Buffer<ArrayBuffer>> {
  const painted = paint(picture, CANVAS)
  await writeAtomically(path, await painted.webp({ quality: 86 }).toBuffer())
  return readFile(path)
}

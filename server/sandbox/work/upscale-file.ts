import { readFile, stat } from 'node:fs/promises'
import { writeAtomically } from '../atomic-write.ts'
import type { Paths } from '../data-dir.ts'
import { paintOriginal } from '../painter/original.ts'
import type { StoredFile, StoredTask, Tasks } from '../store/tasks.ts'
import { encode, thumbnail } from './formats.ts'
import { decode, type Pixels, stripBytes, upscaleStrip } from './strips.ts'

/** A fault of the picture. Its message is what the task's owner gets to read. */
export class ImageFault extends Error {}

export interface StripContext {
  readonly tasks: Tasks
  readonly paths: Paths
  /** Called between a strip and the next: waits, or throws to stop there. */
  readonly pause: (began: number) => Promise<void>
}

/** Makes the result of one file, going on from the strips that lie there already. */
export async function upscaleFile(
  { tasks, paths, pause }: StripContext,
  task: StoredTask,
  file: StoredFile,
): Promise<void> {
  const original = await readOrMake(paths.original(file.id), () => paintOriginal(file))
  const source = await decode(original).catch(() => {
    throw new ImageFault(
      `“${file.originalName}” could not be decoded: it ends before its last row.`,
    )
  })

  const strips: Buffer[] = []
  for (let strip = 0; strip < file.strips; strip++) {
    const began = performance.now()
    const from = strip * file.stripRows
    const to = Math.min(file.height, from + file.stripRows)
    const path = paths.strip(task.id, file.id, strip)
    const size = stripBytes(source, from, to, task.scale)
    const found = (await sizeOf(path)) === size
    const bytes = found ? await readFile(path) : await upscaleStrip(source, from, to, task.scale)
    if (!found) await writeAtomically(path, bytes)
    strips.push(bytes)
    // What an earlier run has counted already is only read again, without a pause.
    if (strip >= file.stripsDone) await pause(began)
    tasks.stripDone(file.id, strip + 1)
  }

  const result: Pixels = {
    data: Buffer.concat(strips),
    width: source.width * task.scale,
    height: source.height * task.scale,
    channels: source.channels,
  }
  const encoded = await encode(result, task.saveImageAs, task.compression)
  await writeAtomically(paths.thumbnail(file.id), await thumbnail(result))
  await writeAtomically(paths.result(file.id, task.saveImageAs), encoded)
  tasks.fileDone(file.id, {
    sourceSize: original.byteLength,
    size: encoded.byteLength,
    width: result.width,
    height: result.height,
  })
}

async function readOrMake(path: string, make: () => Promise<Buffer>): Promise<Buffer> {
  if ((await sizeOf(path)) !== null) return readFile(path)
  const bytes = await make()
  await writeAtomically(path, bytes)
  return bytes
}

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  )

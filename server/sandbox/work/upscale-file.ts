import { stat } from 'node:fs/promises'
import { makeAtomically, writeAtomically } from '../atomic-write.ts'
import type { Paths } from '../data-dir.ts'
import { paintOriginal } from '../painter/original.ts'
import type { StoredFile, StoredTask, Tasks } from '../store/tasks.ts'
import { encode, thumbnail } from './formats.ts'
import { decodeTo, type Growing, openGrowing, type PixelFile, readPixelFile } from './pixel-file.ts'
import { upscaleStrip } from './strips.ts'

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
  context: StripContext,
  task: StoredTask,
  file: StoredFile,
): Promise<void> {
  const { tasks, paths } = context
  const original = paths.original(file.id)
  if (file.picture !== 'upload' && !(await exists(original))) {
    await writeAtomically(original, await paintOriginal(file.picture, file))
  }
  const source = await decoded(paths.decoded(task.id, file.id), original).catch(() => {
    throw new ImageFault(
      `“${file.originalName}” could not be decoded: it ends before its last row.`,
    )
  })

  const growing = await openGrowing(paths.upscaled(task.id, file.id), source, task.scale)
  try {
    await addStrips(context, task, file, source, growing)
    await growing.finish()
  } finally {
    await growing.close()
  }

  const { pixels } = growing
  const result = paths.result(file.id, task.saveImageAs)
  await writeAtomically(paths.thumbnail(file.id), await thumbnail(pixels))
  await makeAtomically(result, (path) => encode(pixels, path, task.saveImageAs, task.compression))
  tasks.fileDone(file.id, {
    sourceSize: (await stat(original)).size,
    size: (await stat(result)).size,
    width: pixels.width,
    height: pixels.height,
  })
}

async function addStrips(
  { tasks, pause }: StripContext,
  task: StoredTask,
  file: StoredFile,
  source: PixelFile,
  growing: Growing,
): Promise<void> {
  for (let strip = 0; strip < file.strips; strip++) {
    const began = performance.now()
    const from = strip * file.stripRows
    const to = Math.min(source.height, from + file.stripRows)
    // It was counted after it was written, so what is counted and there is whole.
    const counted = strip < file.stripsDone
    if (counted && to * task.scale <= growing.rows) continue
    await growing.put(from * task.scale, await upscaleStrip(source, from, to, task.scale))
    // What an earlier run has counted already is only made again, without a pause.
    if (!counted) await pause(began)
    tasks.stripDone(file.id, strip + 1)
  }
}

async function decoded(path: string, original: string): Promise<PixelFile> {
  if (!(await exists(path))) {
    await makeAtomically(path, (temporary) => decodeTo(temporary, original))
  }
  return readPixelFile(path)
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

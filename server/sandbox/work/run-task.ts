import { rm, stat } from 'node:fs/promises'
import { HOUR } from '../../../core/lib/units.ts'
import type { Paths } from '../data-dir.ts'
import { demoOriginal } from '../images.ts'
import type { StoredFile, StoredTask, Tasks } from '../store/tasks.ts'
import { decode, encode, joined, type Pixels, upscaleStrip, writeThumbnail } from './upscale.ts'

/** Lifetime of results after the task ends. */
export const RESULT_LIFETIME_MS = 48 * HOUR

/** Thrown by `pause` to interrupt a task: the next worker starts it over. */
export class Stopped extends Error {}

/** An error of the image. Its message is shown to the task's owner. */
class ImageError extends Error {}

export interface Workplace {
  readonly tasks: Tasks
  readonly paths: Paths
  /** Called between strips: waits, or throws to stop. */
  readonly pause: (began: number) => Promise<void>
}

/** Runs a task to its end. An error of an image fails only the task. */
export async function runTask(
  workplace: Workplace,
  task: StoredTask,
  now: () => number,
): Promise<void> {
  const { tasks, paths } = workplace
  const files = tasks.filesOf(task.id)
  try {
    tasks.begin(task.id)
    for (const file of files) {
      if (file.resultSize === null) await upscaleFile(workplace, task, file)
    }
    tasks.finish(task.id, now() + RESULT_LIFETIME_MS)
  } catch (error) {
    if (error instanceof Stopped) throw error
    tasks.fail(task.id, error instanceof ImageError ? error.message : WRITE_ERROR)
  }
  for (const { id } of files) await rm(paths.original(id), { force: true })
}

const WRITE_ERROR = "The result couldn't be saved: the sandbox can't write to its data folder."

async function upscaleFile(
  workplace: Workplace,
  task: StoredTask,
  file: StoredFile,
): Promise<void> {
  const { tasks, paths } = workplace
  const upload = paths.original(file.id)
  const original = file.picture === 'upload' ? upload : await demoOriginal(file.picture, file)
  const strips = await upscaleStrips(workplace, task, file, original)
  const result = paths.result(file.id, task.saveImageAs)
  const written = await encode(joined(strips), result, task.saveImageAs, task.compression)
  await writeThumbnail(result, paths.thumbnail(file.id))
  tasks.fileDone(file.id, {
    sourceSize: typeof original === 'string' ? (await stat(original)).size : original.byteLength,
    size: written.size,
    width: written.width,
    height: written.height,
  })
}

async function upscaleStrips(
  { tasks, pause }: Workplace,
  { scale }: StoredTask,
  { id, originalName, stripRows, stripsDone }: StoredFile,
  original: string | Buffer,
): Promise<readonly Pixels[]> {
  const source = await decode(original).catch(() => {
    throw new ImageError(`“${originalName}” couldn't be decoded: it is cut off.`)
  })
  const strips: Pixels[] = []
  for (let from = 0; from < source.height; from += stripRows) {
    const began = performance.now()
    const to = Math.min(source.height, from + stripRows)
    strips.push(await upscaleStrip(source, from, to, scale))
    // A strip done before a restart is repeated without a wait.
    await pause(strips.length > stripsDone ? began : Number.NEGATIVE_INFINITY)
    tasks.stripDone(id, strips.length)
  }
  return strips
}

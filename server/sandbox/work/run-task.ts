import { rm, stat } from 'node:fs/promises'
import { HOUR } from '../../../core/lib/units.ts'
import type { Paths } from '../data-dir.ts'
import { demoOriginal } from '../images.ts'
import type { StoredFile, StoredTask, Tasks } from '../store/tasks.ts'
import { decode, encode, joined, type Pixels, thumbnailOf, upscaleStrip } from './upscale.ts'

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

/** Runs a task to its end, image by image. It fails only if all of its images do. */
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
      if (file.resultSize === null) await tryFile(workplace, task, file)
    }
    const reasons = tasks.filesOf(task.id).flatMap(({ error }) => error ?? [])
    const good = files.length - reasons.length
    if (good === 0) tasks.fail(task.id, summaryOf(reasons, files.length))
    else {
      tasks.finish(task.id, {
        expiresAt: now() + RESULT_LIFETIME_MS,
        cost: (task.price / files.length) * good,
        error: reasons.length === 0 ? null : summaryOf(reasons, files.length),
      })
    }
  } catch (error) {
    if (error instanceof Stopped) throw error
    tasks.fail(task.id, WRITE_ERROR)
  }
  for (const { id } of files) await rm(paths.original(id), { force: true })
}

/** Number of errors that are quoted in full. */
const MAX_REASONS = 5

function summaryOf(reasons: readonly string[], count: number): string {
  const shown = reasons.slice(0, MAX_REASONS).join(' ')
  if (count === 1) return shown
  const more = reasons.length > MAX_REASONS ? ` And ${reasons.length - MAX_REASONS} more.` : ''
  return `${reasons.length} of ${count} images failed and cost nothing. ${shown}${more}`
}

async function tryFile(workplace: Workplace, task: StoredTask, file: StoredFile): Promise<void> {
  try {
    if (file.error !== null) throw new ImageError(file.error)
    await upscaleFile(workplace, task, file)
  } catch (error) {
    if (!(error instanceof ImageError)) throw error
    workplace.tasks.fileFailed(file.id, error.message)
  }
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
  await thumbnailOf(result).toFile(paths.thumbnail(file.id))
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

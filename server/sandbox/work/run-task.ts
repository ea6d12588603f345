import { rm } from 'node:fs/promises'
import { HOUR } from '../../../src/lib/units.ts'
import type { StoredTask } from '../store/tasks.ts'
import { ImageFault, type StripContext, upscaleFile } from './upscale-file.ts'

/** How long results are kept, from the end of the task. */
export const KEPT_MS = 48 * HOUR

/** Thrown by `pause` to leave a task where it is; whoever runs it next goes on from there. */
export class Stopped extends Error {}

/** Works on a task to its end. A fault of a picture ends the task, nothing worse. */
export async function runTask(
  context: StripContext,
  task: StoredTask,
  now: () => number,
): Promise<void> {
  const { tasks, paths } = context
  try {
    tasks.begin(task.id)
    for (const file of tasks.filesOf(task.id)) {
      if (file.resultSize === null) await upscaleFile(context, task, file)
    }
    tasks.finish(task.id, now() + KEPT_MS)
  } catch (error) {
    if (error instanceof Stopped) throw error
    tasks.fail(task.id, error instanceof ImageFault ? error.message : OWN_FAULT)
  }
  await rm(paths.work(task.id), { recursive: true, force: true })
  for (const { id } of tasks.filesOf(task.id)) await rm(paths.original(id), { force: true })
}

const OWN_FAULT = 'The result could not be made: the sandbox could not write to its data directory.'

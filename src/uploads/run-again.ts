import * as v from 'valibot'
import { type Settings, scaleFactor } from '../../core/api/task.ts'
import { type TaskId, taskIdSchema } from '../../core/api/task-id.ts'
import type { StartSettings } from '../api/create-task.ts'
import { sameName } from '../downloads/file-name.ts'
import type { EarlierTask } from './earlier-task.ts'
import { startSettings } from './task-settings.ts'
import { factsOf, sourcesOf, type Upload } from './upload.ts'

/** An earlier task that is run again. */
export interface RunAgain extends EarlierTask {
  /** Names of its images as far as they are known. */
  readonly names: readonly string[]
  readonly settings: StartSettings
}

type Known = Pick<Settings, 'model' | 'scale' | 'saveImageAs' | 'enhanceFace'>

/** A task that can be run again, as far as it is known. */
export interface Rerunnable {
  readonly taskId: TaskId
  readonly names: readonly string[]
  readonly count: number
  readonly settings: Known
}

/** Router state of a link to New task that runs tasks again. */
export const runAgain = (tasks: readonly Rerunnable[]) => ({
  again: tasks.map(({ settings, ...task }) => ({
    ...task,
    settings: { ...settings, scale: scaleFactor(settings.scale) },
  })),
})

const schema: v.GenericSchema<unknown, { readonly again: readonly RunAgain[] }> = v.object({
  again: v.array(
    v.object({
      taskId: taskIdSchema,
      names: v.array(v.string()),
      count: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
      settings: startSettings,
    }),
  ),
})

const NONE: readonly RunAgain[] = []

/** Parses a router state, which the browser restores from earlier visits; empty for any other. */
export function readRunAgain(state: unknown): readonly RunAgain[] {
  const parsed = v.safeParse(schema, state)
  return parsed.success ? parsed.output.again : NONE
}

/** Names of images of the task that are not among the uploads yet. */
export function missingNames(run: RunAgain, uploads: readonly Upload[]): readonly string[] {
  const added = uploads
    .filter(({ earlier }) => earlier?.taskId === run.taskId)
    .flatMap(({ source }) => sourcesOf(source))
    .flatMap((source) => (source.kind === 'url' ? [] : [sameName(factsOf(source).name)]))
  return run.names.filter((name) => {
    const at = added.indexOf(sameName(name))
    if (at >= 0) added.splice(at, 1)
    return at < 0
  })
}

/** Equal for equal settings. */
export const settingsKey = ({ model, scale, saveImageAs, enhanceFace }: StartSettings): string =>
  [model, scale, saveImageAs, enhanceFace].join(' ')

import * as v from 'valibot'
import { type Settings, scaleFactor } from '../../core/api/task.ts'
import type { StartSettings } from '../api/create-task.ts'
import { startSettings } from './task-settings.ts'

/** An earlier task whose settings New task opens with. */
export interface RunAgain {
  readonly taskId: string
  /** Name of its image; null if unknown. */
  readonly name: string | null
  readonly settings: StartSettings
}

type Known = Pick<Settings, 'model' | 'scale' | 'saveImageAs' | 'enhanceFace'>

/** Router state of a link to New task that runs a task again. */
export const runAgain = (taskId: string, name: string | null, settings: Known) => ({
  again: { taskId, name, settings: { ...settings, scale: scaleFactor(settings.scale) } },
})

const schema = v.object({
  again: v.object({
    taskId: v.string(),
    name: v.nullable(v.string()),
    settings: startSettings,
  }),
})

/** Parses a router state, which the browser restores from earlier visits; null for any other. */
export function readRunAgain(state: unknown): RunAgain | null {
  const parsed = v.safeParse(schema, state)
  return parsed.success ? parsed.output.again : null
}

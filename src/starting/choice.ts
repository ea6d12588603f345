import * as v from 'valibot'
import { sharedValue } from '../lib/shared-value.ts'
import { isModelId, type ModelId } from '../upscayl/models.ts'
import { FORMATS, SCALES, type StartSettings } from '../upscayl/start-task.ts'

export const DEFAULT_SETTINGS: StartSettings = {
  model: 'upscayl-standard-4x',
  scale: 4,
  saveImageAs: 'png',
  enhanceFace: false,
}

const model = v.custom<ModelId>((id) => typeof id === 'string' && isModelId(id))

/** What makes no sense is as usual; the rest is kept. */
const schema: v.GenericSchema<unknown, StartSettings> = v.object({
  model: v.fallback(v.optional(model, DEFAULT_SETTINGS.model), DEFAULT_SETTINGS.model),
  scale: v.fallback(v.optional(v.picklist(SCALES), DEFAULT_SETTINGS.scale), DEFAULT_SETTINGS.scale),
  saveImageAs: v.fallback(
    v.optional(v.picklist(FORMATS), DEFAULT_SETTINGS.saveImageAs),
    DEFAULT_SETTINGS.saveImageAs,
  ),
  enhanceFace: v.fallback(v.optional(v.boolean(), false), false),
})

/** What tasks were last made with in this browser; each tab hears of a change in another. */
export const chosenSettings = sharedValue('loupe:start-settings', DEFAULT_SETTINGS, (json) => {
  const parsed = v.safeParse(schema, json)
  return parsed.success ? parsed.output : null
})

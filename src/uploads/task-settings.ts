import * as v from 'valibot'
import { isModelId, type ModelId } from '../../core/api/models.ts'
import { jsonFormat } from '../../core/lib/parse-json.ts'
import { FORMATS, SCALES, type StartSettings } from '../api/create-task.ts'
import { createStore, persisted, type Readable } from '../lib/store.ts'

export const DEFAULT_SETTINGS: StartSettings = {
  model: 'upscayl-standard-4x',
  scale: 4,
  saveImageAs: 'png',
  enhanceFace: false,
}

const model = v.custom<ModelId>((id) => typeof id === 'string' && isModelId(id))

/** Invalid fields fall back to their defaults; the rest is kept. */
export const startSettings: v.GenericSchema<unknown, StartSettings> = v.object({
  model: v.fallback(v.optional(model, DEFAULT_SETTINGS.model), DEFAULT_SETTINGS.model),
  scale: v.fallback(v.optional(v.picklist(SCALES), DEFAULT_SETTINGS.scale), DEFAULT_SETTINGS.scale),
  saveImageAs: v.fallback(
    v.optional(v.picklist(FORMATS), DEFAULT_SETTINGS.saveImageAs),
    DEFAULT_SETTINGS.saveImageAs,
  ),
  enhanceFace: v.fallback(v.optional(v.boolean(), false), false),
})

/** Settings that were last chosen in this browser. */
const lastSettings = persisted('loupe:start-settings', DEFAULT_SETTINGS, jsonFormat(startSettings))

const form = createStore(lastSettings.get())

/** Settings of the form. No other tab changes them, since images may be waiting for their start. */
export const formSettings: Readable<StartSettings> = form

/** Those of a task that is run again, only for this time. */
export const prefillSettings = form.set

export function chooseSettings(settings: StartSettings): void {
  form.set(settings)
  lastSettings.set(settings)
}

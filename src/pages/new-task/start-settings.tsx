import { useId } from 'react'
import { Checkbox, Segmented } from '../../components/choice.tsx'
import { MODELS, type ModelId } from '../../upscayl/models.ts'
import { FORMATS, SCALES, type StartSettings } from '../../upscayl/start-task.ts'

const MODEL_IDS = Object.keys(MODELS) as ModelId[]

const SCALE_OPTIONS = SCALES.map((scale) => ({ value: `${scale}`, label: `${scale}×` }))
const FORMAT_OPTIONS = FORMATS.map((format) => ({ value: format, label: format.toUpperCase() }))

interface StartSettingsFormProps {
  readonly settings: StartSettings
  readonly onSettings: (settings: StartSettings) => void
}

/** What the tasks are to be made with; remembered for the next time. */
export function StartSettingsForm({ settings, onSettings }: StartSettingsFormProps) {
  const id = useId()
  const { model, scale, saveImageAs, enhanceFace } = settings
  const change = (some: Partial<StartSettings>) => onSettings({ ...settings, ...some })
  return (
    <section
      aria-labelledby={`${id}-title`}
      className="rounded-xl border border-line bg-surface p-5"
    >
      <h2 id={`${id}-title`} className="font-medium">
        Make them with
      </h2>
      <div className="mt-4 grid gap-5">
        <div>
          <label htmlFor={`${id}-model`} className="text-sm font-medium">
            Model
          </label>
          <select
            id={`${id}-model`}
            value={model}
            onChange={(event) => change({ model: event.target.value as ModelId })}
            aria-describedby={`${id}-suits`}
            className="mt-1.5 min-h-11 w-full rounded-lg border border-line-strong bg-surface px-2.5"
          >
            {MODEL_IDS.map((one) => (
              <option key={one} value={one}>
                {MODELS[one].name}
              </option>
            ))}
          </select>
          <p id={`${id}-suits`} className="mt-1.5 min-h-10 text-sm text-pretty text-muted">
            {MODELS[model].suits}
          </p>
        </div>
        <div>
          <p aria-hidden className="mb-1.5 text-sm font-medium">
            Scale
          </p>
          <Segmented
            label="Scale"
            options={SCALE_OPTIONS}
            value={`${scale}`}
            onChange={(next) => change({ scale: SCALES.find((one) => `${one}` === next) ?? scale })}
          />
        </div>
        <div>
          <p aria-hidden className="mb-1.5 text-sm font-medium">
            Format
          </p>
          <Segmented
            label="Format"
            options={FORMAT_OPTIONS}
            value={saveImageAs}
            onChange={(next) => change({ saveImageAs: next })}
          />
        </div>
        <Checkbox
          label="Face enhancement"
          checked={enhanceFace}
          onChange={(next) => change({ enhanceFace: next })}
        >
          Redraws faces. It helps small or blurred ones, and can change a likeness.
        </Checkbox>
      </div>
    </section>
  )
}

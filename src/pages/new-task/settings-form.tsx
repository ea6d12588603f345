import { ChevronDown } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { MODELS } from '../../../core/api/models.ts'
import { FORMATS, SCALES, type StartSettings } from '../../api/create-task.ts'
import { Checkbox, Segmented } from '../../ui/choice.tsx'
import { ModelMenu } from './model-menu.tsx'

const SCALE_OPTIONS = SCALES.map((scale) => ({ value: `${scale}`, label: `${scale}×` }))
const FORMAT_OPTIONS = FORMATS.map((format) => ({ value: format, label: format.toUpperCase() }))

interface SettingsFormProps {
  readonly settings: StartSettings
  readonly onSettings: (settings: StartSettings) => void
}

/** Settings of the next tasks, kept for next time. On narrow pages they are one row that opens. */
export function SettingsForm({ settings, onSettings }: SettingsFormProps) {
  const id = useId()
  const [open, setOpen] = useState(false)
  const { model, scale, saveImageAs, enhanceFace } = settings
  const change = (some: Partial<StartSettings>) => onSettings({ ...settings, ...some })
  return (
    <section
      aria-labelledby={id}
      className="rounded-xl border border-line bg-surface px-4 @3xl:px-5 @3xl:py-5"
    >
      <h2 id={id} className="text-sm font-medium text-muted @max-3xl:sr-only">
        Settings
      </h2>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={`${id}-form`}
        onClick={() => setOpen(!open)}
        className="flex min-h-12 w-full items-center gap-2 text-left @3xl:hidden"
      >
        <span className="sr-only">Settings:</span>
        <span className="min-w-0 flex-1 truncate">
          <span className="font-medium">{MODELS[model].name}</span> · {scale}× ·{' '}
          {saveImageAs.toUpperCase()}
          {enhanceFace ? ' · Faces' : ''}
        </span>
        <ChevronDown
          size={18}
          className={`shrink-0 text-muted transition-transform ${open ? 'rotate-180' : ''}`}
        />
      </button>
      <div
        id={`${id}-form`}
        className={`grid gap-5 pt-2 pb-5 @3xl:mt-4 @3xl:grid @3xl:p-0 ${open ? '' : '@max-3xl:hidden'}`}
      >
        <Labelled label="Model">
          <ModelMenu model={model} onModel={(next) => change({ model: next })} />
        </Labelled>
        <Labelled label="Scale">
          <Segmented
            label="Scale"
            options={SCALE_OPTIONS}
            value={`${scale}`}
            onChange={(next) => change({ scale: SCALES.find((one) => `${one}` === next) ?? scale })}
          />
        </Labelled>
        <Labelled label="Format">
          <Segmented
            label="Format"
            options={FORMAT_OPTIONS}
            value={saveImageAs}
            onChange={(next) => change({ saveImageAs: next })}
          />
        </Labelled>
        <Checkbox
          label="Restore faces"
          checked={enhanceFace}
          onChange={(next) => change({ enhanceFace: next })}
        >
          Restores small or blurry faces. May alter how people look.
        </Checkbox>
      </div>
    </section>
  )
}

/** The group has its own accessible name. */
const Labelled = ({
  label,
  children,
}: {
  readonly label: string
  readonly children: ReactNode
}) => (
  <div>
    <p aria-hidden className="mb-1.5 text-sm font-medium">
      {label}
    </p>
    {children}
  </div>
)

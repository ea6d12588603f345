import { ChevronDown } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { isModelId, MODELS, modelName } from '../../core/api/models.ts'
import { type Scale, type Settings, scaleFactor } from '../../core/api/task.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Part } from '../ui/part.tsx'
import { Shortened } from '../ui/shortened.tsx'
import { Unknown } from '../ui/unknown.tsx'
import { Fact } from './fact.tsx'

interface TaskFactsProps {
  readonly taskId: string
  readonly settings: Settings
  readonly credits: ReactNode
  /** What the user has written on it. */
  readonly annotation: ReactNode
  /** The last line: what comes next. */
  readonly foot: ReactNode
}

/** Credits, settings, ID and checks; folded up on a narrow window. */
export function TaskFacts({ taskId, settings, credits, annotation, foot }: TaskFactsProps) {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <div className="border-t border-line pt-3">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex min-h-11 w-full items-center justify-between gap-3 text-left text-sm text-muted lg:hidden"
      >
        <span title={summary(settings)} className="min-w-0 truncate">
          {summary(settings)}
        </span>
        <ChevronDown
          size={16}
          className={`shrink-0 transition-transform ${open ? 'rotate-180' : ''}`}
        />
      </button>
      <div id={id} className={`grid gap-y-3 ${open ? '' : 'max-lg:hidden'}`}>
        {credits}
        <Part>
          <SettingsList settings={settings} />
        </Part>
        <p className="grid grid-cols-[7rem_minmax(0,1fr)] items-center gap-x-3 text-sm">
          <span className="text-muted">ID</span>
          <span className="flex min-w-0 items-center">
            <span className="truncate font-mono text-xs">
              <Shortened text={taskId} length={19} />
            </span>
            <CopyButton text={taskId} label="Copy ID" />
          </span>
        </p>
        {annotation}
      </div>
      <div className="mt-3 flex flex-wrap items-center gap-x-2 border-t border-line pt-2 text-sm text-muted">
        {foot}
      </div>
    </div>
  )
}

function summary({ model, scale, saveImageAs }: Settings): string {
  const factor = scaleFactor(scale)
  const parts = [
    model === null ? null : modelName(model),
    factor === null ? null : `${factor}×`,
    saveImageAs?.toUpperCase(),
  ]
  return parts.filter(Boolean).join(' · ') || 'Credits, settings and ID'
}

/** Settings of the task. */
function SettingsList({ settings }: { readonly settings: Settings }) {
  const { model, scale, saveImageAs, compression, batchMode, enhanceFace } = settings
  return (
    <section aria-label="Settings">
      <h2 className="sr-only">Settings</h2>
      <dl className="grid gap-y-2">
        <Fact name="Model">{model === null ? <Missing /> : <ModelName id={model} />}</Fact>
        <Fact name="Scale">{scale === null ? <Missing /> : <ScaleText scale={scale} />}</Fact>
        <Fact name="Format">{saveImageAs === null ? <Missing /> : saveImageAs.toUpperCase()}</Fact>
        <Fact name="Compression">{compression === null ? <Missing /> : `${compression}%`}</Fact>
        <Fact name="Restore faces">{yesNo(enhanceFace)}</Fact>
        <Fact name="Batch">{yesNo(batchMode)}</Fact>
      </dl>
    </section>
  )
}

const Missing = () => <Unknown why="not reported" />

const yesNo = (value: boolean | null) => (value === null ? <Missing /> : value ? 'On' : 'Off')

function ModelName({ id }: { readonly id: string }) {
  if (!isModelId(id)) {
    return (
      <>
        {id} <span className="text-xs text-warn">not a known model</span>
      </>
    )
  }
  return <span title={MODELS[id].suits}>{MODELS[id].name}</span>
}

function ScaleText({ scale }: { readonly scale: Scale }) {
  if (scale.kind === 'known') return `${scale.factor}×`
  return (
    <>
      {scale.text} <span className="text-xs text-warn">outside 1 to 8</span>
    </>
  )
}

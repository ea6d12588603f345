import { type ReactNode, useId } from 'react'
import { Unknown } from '../components/unknown.tsx'
import { isModelId, MODELS } from '../upscayl/models.ts'
import type { Scale, Settings } from '../upscayl/task.ts'

/** What the task was made with. */
export function SettingsList({ settings }: { readonly settings: Settings }) {
  const { model, scale, saveImageAs, compression, batchMode, enhanceFace } = settings
  const title = useId()
  return (
    <section aria-labelledby={title} className="rounded-xl border border-line bg-surface p-5">
      <h2 id={title} className="text-sm font-medium text-muted">
        Made with
      </h2>
      <dl className="mt-3 grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3">
        <Entry name="Model">{model === null ? <Missing /> : <ModelName id={model} />}</Entry>
        <Entry name="Scale">{scale === null ? <Missing /> : <ScaleText scale={scale} />}</Entry>
        <Entry name="Format">
          {saveImageAs === null ? <Missing /> : saveImageAs.toUpperCase()}
        </Entry>
        <Entry name="Compression">{compression === null ? <Missing /> : `${compression} %`}</Entry>
        <Entry name="Batch">{yesNo(batchMode)}</Entry>
        <Entry name="Face enhancement">{yesNo(enhanceFace)}</Entry>
      </dl>
    </section>
  )
}

function Entry({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="mt-0.5 [overflow-wrap:anywhere]">{children}</dd>
    </div>
  )
}

const Missing = () => <Unknown why="not reported" />

const yesNo = (value: boolean | null) => (value === null ? <Missing /> : value ? 'Yes' : 'No')

function ModelName({ id }: { readonly id: string }) {
  if (!isModelId(id)) {
    return (
      <>
        {id} <span className="text-xs text-warn">not a known model</span>
      </>
    )
  }
  return (
    <>
      {MODELS[id].name}
      <span className="mt-0.5 block text-xs text-pretty text-muted">{MODELS[id].suits}</span>
    </>
  )
}

function ScaleText({ scale }: { readonly scale: Scale }) {
  if (scale.kind === 'known') return `${scale.factor}×`
  return (
    <>
      {scale.text} <span className="text-xs text-warn">outside 1 to 8</span>
    </>
  )
}

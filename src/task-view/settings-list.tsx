import { isModelId, MODELS } from '../../core/api/models.ts'
import type { Scale, Settings } from '../../core/api/task.ts'
import { Unknown } from '../ui/unknown.tsx'
import { Fact } from './fact.tsx'

/** Settings of the task. */
export function SettingsList({ settings }: { readonly settings: Settings }) {
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

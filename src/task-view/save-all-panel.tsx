import type { Failure } from '../downloads/download-all.ts'
import { errorText } from '../downloads/error-text.ts'
import { type AllState, type ZipJob, zipJobOf } from '../downloads/zip-jobs.ts'
import { formatBytes } from '../lib/bytes.ts'
import { formatFiles, formatNumber } from '../lib/format.ts'
import { useStore } from '../lib/store.ts'
import { Button } from '../ui/button.tsx'
import { KeepFocus } from '../ui/keep-focus.tsx'
import { Notice } from '../ui/notice.tsx'
import { Progress } from '../ui/progress.tsx'

interface SaveAllPanelProps {
  readonly state: AllState
  readonly onCancel: () => void
}

/** Progress of downloading all files, and at the end what was saved and what failed. */
export function SaveAllPanel({ state, onCancel }: SaveAllPanelProps) {
  return (
    <KeepFocus>
      {state.kind === 'running' ? <Running state={state} onCancel={onCancel} /> : null}
      {/* Always there: screen readers announce only what changes in a region. */}
      <div role="status" className="mt-3 empty:absolute">
        {state.kind === 'done' || state.kind === 'cancelled' ? <Ended state={state} /> : null}
      </div>
      {state.kind === 'failed' ? (
        <div role="alert" className="mt-3">
          <Ended state={state} />
        </div>
      ) : null}
    </KeepFocus>
  )
}

interface RunningProps extends SaveAllPanelProps {
  readonly state: Extract<AllState, { kind: 'running' }>
}

function Running({ state, onCancel }: RunningProps) {
  const over = state.done + state.failures.length
  return (
    <div className="mt-3 rounded-xl border border-line bg-surface p-4">
      <div className="mb-3 flex items-center justify-between gap-3 text-sm">
        <span>
          Saving {formatNumber(over)} of {formatFiles(state.count)}
          <span className="text-muted"> · {formatBytes(state.bytes)}</span>
        </span>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
      <Progress label="Files saved" value={over} max={state.count} />
    </div>
  )
}

interface EndedProps {
  readonly state: Exclude<AllState, { kind: 'idle' | 'running' }>
}

const Ended = ({ state }: EndedProps) => (
  <div tabIndex={-1} className="rounded-xl">
    <EndedNotice state={state} />
  </div>
)

function EndedNotice({ state }: EndedProps) {
  if (state.kind === 'cancelled') {
    return (
      <Notice tone="info" title="Cancelled">
        <p>Nothing was saved.</p>
      </Notice>
    )
  }
  const { failures } = state
  if (state.kind === 'failed') {
    return (
      <Notice tone="bad" title="Nothing was saved">
        <p>{state.reason}</p>
        <Failures failures={failures} />
      </Notice>
    )
  }
  return (
    <Notice
      tone={failures.length === 0 ? 'info' : 'warn'}
      title={`${formatFiles(state.done)} downloaded, ${formatBytes(state.bytes)}`}
    >
      <p>
        Sent to your downloads as <bdi className="text-ink">{state.name}</bdi>
      </p>
      <Failures failures={failures} />
    </Notice>
  )
}

function Failures({ failures }: { readonly failures: readonly Failure[] }) {
  if (failures.length === 0) return null
  return (
    <>
      <p className="mt-2 font-medium text-ink">{formatNumber(failures.length)} missing:</p>
      <ul className="mt-1 max-h-60 list-disc overflow-auto pl-5">
        {failures.map(({ name, fault }) => (
          <li key={name}>
            <bdi className="text-ink">{name}</bdi>: {errorText(fault)}
          </li>
        ))}
      </ul>
    </>
  )
}

/** Zip job of a task or a list, and its progress. */
export function useZipJob(name: string): { readonly job: ZipJob; readonly state: AllState } {
  const job = zipJobOf(name)
  return { job, state: useStore(job.state) }
}

import type { ReactNode } from 'react'
import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { faultWords } from '../files/fault-words.ts'
import type { Failure } from '../files/save-all.ts'
import type { AllState } from '../files/zip-jobs.ts'
import { formatBytes } from '../lib/bytes.ts'
import { formatFiles, formatNumber } from '../lib/format.ts'

interface SaveAllPanelProps {
  readonly state: AllState
  readonly onCancel: () => void
}

/** How far the saving of all files is, and in the end what came and what did not. */
export function SaveAllPanel({ state, onCancel }: SaveAllPanelProps) {
  switch (state.kind) {
    case 'idle':
      return null
    case 'running': {
      const over = state.done + state.failures.length
      return (
        <Going label="Files saved" done={over} count={state.count} onCancel={onCancel}>
          Saving {formatNumber(over)} of {formatFiles(state.count)}
          <span className="text-muted"> · {formatBytes(state.bytes)}</span>
        </Going>
      )
    }
    case 'done':
      return (
        <div role="status" className="mt-3">
          <Notice
            tone={state.failures.length === 0 ? 'info' : 'warn'}
            title={`${formatFiles(state.done)} fetched, ${formatBytes(state.bytes)}`}
          >
            <p>
              Sent to the browser’s downloads as <bdi className="text-ink">{state.name}</bdi>
            </p>
            <Failures failures={state.failures} />
          </Notice>
        </div>
      )
    case 'cancelled':
      return (
        <div role="status" className="mt-3">
          <Notice tone="info" title="Cancelled">
            <p>Nothing was saved.</p>
          </Notice>
        </div>
      )
    case 'failed':
      return (
        <div role="alert" className="mt-3">
          <Notice tone="bad" title="Nothing was saved">
            <p>{state.reason}</p>
            <Failures failures={state.failures} />
          </Notice>
        </div>
      )
  }
}

interface GoingProps {
  readonly label: string
  readonly done: number
  readonly count: number
  readonly onCancel: () => void
  readonly children: ReactNode
}

function Going({ label, done, count, onCancel, children }: GoingProps) {
  return (
    <div className="mt-3 rounded-xl border border-line bg-surface p-4">
      <div className="flex items-center justify-between gap-3 text-sm">
        <span>{children}</span>
        <Button onClick={onCancel}>Cancel</Button>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={count}
        aria-valuenow={done}
        className="mt-3 h-1.5 overflow-hidden rounded-full bg-sunken forced-colors:border"
      >
        <div
          className="h-full origin-left bg-accent forced-colors:bg-[Highlight]"
          style={{ transform: `scaleX(${done / Math.max(1, count)})` }}
        />
      </div>
    </div>
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
            <bdi className="text-ink">{name}</bdi>: {faultWords(fault)}
          </li>
        ))}
      </ul>
    </>
  )
}

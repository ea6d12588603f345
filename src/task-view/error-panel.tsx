import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { type ApiError, ERROR_RULES } from '../../core/api/errors.ts'
import { useReading } from '../lib/clock.ts'
import { until } from '../lib/format.ts'
import { Notice } from '../ui/notice.tsx'
import { DOUBT, errorMessage, errorNext, errorText } from './error-text.ts'

function Meaning({ error, means }: { readonly error: ApiError; readonly means: string }) {
  const quoted = errorMessage(error)
  return (
    <>
      <p>{means}</p>
      {quoted === null ? null : (
        <p className="mt-2">
          {quoted.label}: <q className="text-ink">{quoted.message}</q>
        </p>
      )}
    </>
  )
}

interface ErrorPanelProps {
  readonly error: ApiError
  /** True if an earlier check of the task succeeded. */
  readonly wasFound: boolean
  /** Time of the next automatic check (epoch ms); null for never. */
  readonly resumesAt: number | null
  /** Button for what the user can do now. */
  readonly action?: ReactNode
}

/** An error: what happened, what it means for credits and files, and what happens next. */
export function ErrorPanel({ error, wasFound, resumesAt, action }: ErrorPanelProps) {
  const { title, means } = errorText(error, wasFound)
  const relative = useReading(until, resumesAt)
  return (
    <Notice
      tone={ERROR_RULES[error.kind].next === 'stop' ? 'bad' : 'warn'}
      title={title}
      action={action}
    >
      <Meaning error={error} means={means} />
      <p className="mt-2 text-ink">{errorNext(error, resumesAt, relative)}</p>
    </Notice>
  )
}

interface ErrorLineProps {
  readonly error: ApiError
  readonly resumesAt: number
  /** True while a rejection is being double-checked. */
  readonly doubted: boolean
}

/** One line while the last response is still shown, so that a temporary error moves nothing. */
export function ErrorLine({ error, resumesAt, doubted }: ErrorLineProps) {
  const { title, means } = errorText(error)
  const next = errorNext(error, resumesAt, useReading(until, resumesAt))
  return (
    <section aria-label={title}>
      <details className="group">
        <summary className="flex min-h-7 flex-wrap items-baseline gap-x-1.5 py-0.5">
          <TriangleAlert size={14} className="translate-y-0.5 text-warn" />
          <span className="font-medium text-warn">{title}.</span> {next}{' '}
          <span className="underline underline-offset-4 group-open:hidden">Details</span>
        </summary>
        <div className="mt-2 max-w-prose text-pretty">
          <Meaning error={error} means={doubted ? DOUBT : means} />
        </div>
      </details>
    </section>
  )
}

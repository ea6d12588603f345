import { TriangleAlert } from 'lucide-react'
import { type ReactNode, useCallback } from 'react'
import { Notice } from '../components/notice.tsx'
import { useReading } from '../lib/clock.ts'
import { until } from '../lib/format.ts'
import { type ApiError, ERROR_RULES } from '../upscayl/errors.ts'
import { DOUBT, errorMessage, errorNext, errorWords } from './error-words.ts'

const useUntil = (at: number | null): string =>
  useReading(
    useCallback(
      (now: number) => (at === null ? { value: '', changesAt: null } : until(at, now)),
      [at],
    ),
  )

function Meaning({ error, means }: { readonly error: ApiError; readonly means: string }) {
  const message = errorMessage(error)
  return (
    <>
      <p>{means}</p>
      {message === null ? null : (
        <p className="mt-2">
          The answer says: <q className="text-ink">{message}</q>
        </p>
      )}
    </>
  )
}

interface ErrorPanelProps {
  readonly error: ApiError
  /** The task was answered before. */
  readonly answered: boolean
  /** When the next question is asked by itself (epoch ms); null for never. */
  readonly resumesAt: number | null
  /** What the user can do now. */
  readonly action?: ReactNode
}

/** What happened, what it means for credits and files, and what happens next. */
export function ErrorPanel({ error, answered, resumesAt, action }: ErrorPanelProps) {
  const { title, means } = errorWords(error, answered)
  const relative = useUntil(resumesAt)
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
  /** A refusal that is asked again before it is believed. */
  readonly doubted: boolean
}

/** The same where the last answer is still on the page: a line, so that nothing jumps for a passing fault. */
export function ErrorLine({ error, resumesAt, doubted }: ErrorLineProps) {
  const { title, means } = errorWords(error)
  const next = errorNext(error, resumesAt, useUntil(resumesAt))
  return (
    <section aria-label={title}>
      <details className="group">
        <summary className="flex min-h-7 flex-wrap items-baseline gap-x-1.5 py-0.5">
          <TriangleAlert aria-hidden size={14} className="translate-y-0.5 text-warn" />
          <span className="font-medium text-warn">{title}.</span> {next}{' '}
          <span className="underline underline-offset-4 group-open:hidden">What it means</span>
        </summary>
        <div className="mt-2 max-w-prose text-pretty">
          <Meaning error={error} means={doubted ? DOUBT : means} />
        </div>
      </details>
    </section>
  )
}

import { type ReactNode, useCallback } from 'react'
import { Notice } from '../components/notice.tsx'
import { useReading } from '../lib/clock.ts'
import { until } from '../lib/format.ts'
import { type ApiError, ERROR_RULES } from '../upscayl/errors.ts'
import { errorMessage, errorNext, errorWords } from './error-words.ts'

interface ErrorPanelProps {
  readonly error: ApiError
  /** When the next question is asked by itself (epoch ms); null for never. */
  readonly resumesAt: number | null
  /** What the user can do now. */
  readonly action?: ReactNode
}

/** What happened, what it means for credits and files, and what happens next. */
export function ErrorPanel({ error, resumesAt, action }: ErrorPanelProps) {
  const relative = useReading(
    useCallback(
      (now: number) =>
        resumesAt === null ? { value: '', changesAt: null } : until(resumesAt, now),
      [resumesAt],
    ),
  )
  const { title, means } = errorWords(error)
  const message = errorMessage(error)
  return (
    <Notice
      tone={ERROR_RULES[error.kind].next === 'stop' ? 'bad' : 'warn'}
      title={title}
      action={action}
    >
      <p>{means}</p>
      {message === null ? null : (
        <p className="mt-2">
          Upscayl says: <q className="text-ink">{message}</q>
        </p>
      )}
      <p className="mt-2 text-ink">{errorNext(error, resumesAt, relative)}</p>
    </Notice>
  )
}

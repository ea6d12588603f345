import { type ReactNode, useCallback } from 'react'
import { TimeText } from '../components/time-text.tsx'
import { Unknown } from '../components/unknown.tsx'
import { useReading } from '../lib/clock.ts'
import { ago, formatRange, formatSpan, formatStopwatch, stopwatchSince } from '../lib/format.ts'
import { isTerminal, type Task } from '../upscayl/task.ts'
import { ProgressBar } from './progress-bar.tsx'
import { StatusBadge } from './status-badge.tsx'

interface StatusPanelProps {
  readonly task: Task
  /** When this answer arrived, epoch ms. */
  readonly seenAt: number
  /** When this tab first asked, epoch ms. */
  readonly watchedSince: number
  /** When the end was seen, null while it runs or where it had ended before. */
  readonly endSeenAt: number | null
  readonly wentBackFrom: number | null
  /** Where the bar may be by now; null for no guess. */
  readonly estimate: number | null
  /** Seconds that are probably left; null where there is no ground to say. */
  readonly remaining: { readonly from: number; readonly to: number } | null
  /** Milliseconds without movement, where that is unusual. */
  readonly stalledFor: number | null
  /** When the next question comes, and what can be done about it. */
  readonly children: ReactNode
}

/** Status, progress, how old the number is, and what comes next. */
export function StatusPanel(props: StatusPanelProps) {
  const { task, seenAt, watchedSince, endSeenAt, wentBackFrom, children } = props
  const { estimate, remaining, stalledFor } = props
  return (
    <section
      aria-labelledby="status-title"
      className="rounded-xl border border-line bg-surface p-5"
    >
      <h2 id="status-title" className="sr-only">
        Status
      </h2>
      <div className="flex min-h-9 flex-wrap items-center justify-between gap-3">
        <StatusBadge task={task} />
        <Percent task={task} />
      </div>
      <div className="mt-4">
        <ProgressBar task={task} estimate={estimate} />
      </div>
      {task.kind === 'failed' ? (
        <p className="mt-4 text-lg text-pretty [overflow-wrap:anywhere]">
          {task.reason === null ? <Unknown why="the API gives no reason" /> : task.reason}
        </p>
      ) : null}
      {wentBackFrom === null ? null : (
        <p className="mt-3 text-sm text-warn">
          The API reported {wentBackFrom} % before, and less now.
        </p>
      )}
      <div className="mt-4 flex flex-wrap justify-between gap-x-6 gap-y-1 text-sm text-muted">
        <p>
          Reported <Age at={seenAt} />
          {' · '}
          <Elapsed since={watchedSince} until={endSeenAt} over={isTerminal(task)} />
        </p>
        {stalledFor !== null ? (
          <p className="text-warn">No movement for {formatSpan(stalledFor)}</p>
        ) : remaining !== null ? (
          <p title="From this task’s own speed">{formatRange(remaining.from, remaining.to)} left</p>
        ) : null}
      </div>
      {children}
    </section>
  )
}

/** State wins over percent: a task that has ended says so in its badge, not by a number. */
function Percent({ task }: { readonly task: Task }) {
  if (isTerminal(task)) return null
  if (task.progress === null) return <Unknown why="no progress reported" />
  return (
    <p className="text-2xl font-semibold tracking-tight">
      {task.progress}
      <span className="ml-0.5 text-lg font-medium text-muted">%</span>
    </p>
  )
}

function Age({ at }: { readonly at: number }) {
  const text = useReading(useCallback((now: number) => ago(at, now), [at]))
  return <TimeText at={at}>{text}</TimeText>
}

interface ElapsedProps {
  readonly since: number
  readonly until: number | null
  readonly over: boolean
}

/** The API tells no start, so what is honest is how long this tab has watched. */
function Elapsed({ since, until, over }: ElapsedProps) {
  const read = useCallback(
    (now: number) =>
      over || until !== null
        ? { value: formatStopwatch((until ?? since) - since), changesAt: null }
        : stopwatchSince(since, now),
    [since, until, over],
  )
  const text = useReading(read)
  if (over && until === null) return 'had ended before this tab asked'
  return over ? `ended after ${text} of watching` : `watched for ${text}`
}

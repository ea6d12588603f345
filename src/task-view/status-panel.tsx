import { type ReactNode, useCallback, useId } from 'react'
import { TimeText } from '../components/time-text.tsx'
import { Unknown } from '../components/unknown.tsx'
import { useReading } from '../lib/clock.ts'
import { ago, formatRange, formatSpan, formatStopwatch, stopwatchSince } from '../lib/format.ts'
import { isTerminal, type Task } from '../upscayl/task.ts'
import { ProgressBar } from './progress-bar.tsx'
import { StatusBadge } from './status-badge.tsx'

/** How long the task was seen to take. Times: epoch ms. */
export interface Watched {
  /** What the time is counted from: its start, which this dashboard made, or the first question. */
  readonly from: 'start' | 'question'
  readonly since: number
  /** When the end was seen; null while it runs, or where it had ended before. */
  readonly until: number | null
}

export interface StatusPanelProps {
  readonly task: Task
  /** When this answer arrived, epoch ms. */
  readonly seenAt: number
  /** Null where this tab does not ask. */
  readonly watched: Watched | null
  readonly wentBackFrom: number | null
  /** Where the bar may be by now; null for no guess. */
  readonly estimate: number | null
  /** Seconds that are probably left; null where there is no ground to say. */
  readonly remaining: { readonly from: number; readonly to: number } | null
  /** Milliseconds without progress, where that is unusual. */
  readonly stalledFor: number | null
  /** When the next question comes, and what can be done about it. */
  readonly children: ReactNode
}

/** Status, progress, how old the number is, and what comes next. */
export function StatusPanel(props: StatusPanelProps) {
  const { task, seenAt, watched, wentBackFrom, children } = props
  const { estimate, remaining, stalledFor } = props
  const title = useId()
  return (
    <section aria-labelledby={title} className="rounded-xl border border-line bg-surface p-5">
      <h2 id={title} className="sr-only">
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
          {watched === null ? null : (
            <>
              {' · '}
              <Elapsed {...watched} over={isTerminal(task)} />
            </>
          )}
        </p>
        {stalledFor !== null ? (
          <p className="text-warn">No progress for {formatSpan(stalledFor)}</p>
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

interface ElapsedProps extends Watched {
  readonly over: boolean
}

/** The API tells no start and no end, so what is honest is how long this tab has watched. */
function Elapsed({ from, since, until, over }: ElapsedProps) {
  const read = useCallback(
    (now: number) =>
      over || until !== null
        ? { value: formatStopwatch((until ?? since) - since), changesAt: null }
        : stopwatchSince(since, now),
    [since, until, over],
  )
  const text = useReading(read)
  if (over && until === null) return 'had ended before this tab asked'
  // The end was some time before it was seen.
  if (from === 'start') return over ? `ended within ${text}` : `running for ${text}`
  return over ? `ended after ${text} of watching` : `watched for ${text}`
}

import { type ReactNode, useId } from 'react'
import { failedFiles, isTerminal, type Task } from '../../core/api/task.ts'
import { formatSpan } from '../../core/lib/units.ts'
import { useReading } from '../lib/clock.ts'
import { formatNumber, formatRange, formatStopwatch, stopwatchSince } from '../lib/format.ts'
import { Age } from '../ui/time-text.tsx'
import { Unknown } from '../ui/unknown.tsx'
import { fileTitle } from './file-title.ts'
import { ProgressBar } from './progress-bar.tsx'
import { isQueued, StatusBadge } from './status-badge.tsx'

/** How long the task was seen to take. Times: epoch ms. */
export interface Watched {
  /** Start of the measurement: the task's start from this dashboard, or the first check. */
  readonly from: 'start' | 'check'
  readonly since: number
  /** Time at which the end was seen; null while it runs, or if it had finished before. */
  readonly until: number | null
}

export interface StatusPanelProps {
  readonly task: Task
  /** Arrival of this response, epoch ms. */
  readonly seenAt: number
  /** Null if this tab sends no requests. */
  readonly watched: Watched | null
  readonly peakProgress: number | null
  /** Estimated current progress; null for none. */
  readonly estimate: number | null
  /** Estimated seconds left; null without enough data. */
  readonly remaining: { readonly from: number; readonly to: number } | null
  /** Milliseconds without progress, if that is unusual. */
  readonly stalledFor: number | null
  /** How long such tasks usually take, where nothing better is known. */
  readonly usual?: ReactNode
}

/** How the task stands: in one line once it is over, with the progress before. */
export function StatusPanel(props: StatusPanelProps) {
  const { task, watched, peakProgress } = props
  const title = useId()
  const over = isTerminal(task)
  return (
    <section aria-labelledby={title}>
      <h2 id={title} className="sr-only">
        Status
      </h2>
      <div className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1">
        <StatusBadge task={task} />
        {over && watched !== null ? (
          <p className="text-sm text-muted">
            <Elapsed {...watched} over />
          </p>
        ) : null}
        {over || isQueued(task) ? null : <Percent task={task} />}
      </div>
      {over ? null : <Running {...props} />}
      {task.kind === 'failed' ? (
        <p className="mt-2 text-lg text-pretty [overflow-wrap:anywhere]">
          {task.reason === null ? <Unknown why="no reason reported" /> : task.reason}
        </p>
      ) : (
        <PartlyFailed task={task} />
      )}
      {peakProgress === null ? null : (
        <p className="mt-2 text-sm text-warn">Progress went back from {peakProgress}%.</p>
      )}
    </section>
  )
}

/** Number of names that fit beside the list, which has all of them. */
const MAX_NAMES = 5

/** What is done and what failed of a batch, and why in the words of the API. */
function PartlyFailed({ task }: { readonly task: Task }) {
  const { files, reason } = task
  const failed = failedFiles(task)
  if (reason === null) return null
  const names = failed.slice(0, MAX_NAMES).map(fileTitle).join(', ')
  const more = failed.length - MAX_NAMES
  return (
    <div className="mt-2 grid gap-1 text-sm text-pretty [overflow-wrap:anywhere]">
      {failed.length === 0 ? null : (
        <p>
          {formatNumber(files.length - failed.length)} of {formatNumber(files.length)} images done.{' '}
          {formatNumber(failed.length)} failed: {names}
          {more > 0 ? ` and ${formatNumber(more)} more` : ''}. Failed images aren’t charged.
        </p>
      )}
      <p className="text-muted">
        Message: <q>{reason}</q>
      </p>
    </div>
  )
}

function Running(props: StatusPanelProps) {
  const { task, seenAt, watched, estimate, remaining, stalledFor, usual = null } = props
  return (
    <>
      <div className="mt-2">
        <ProgressBar task={task} estimate={estimate} />
      </div>
      {stalledFor !== null ? (
        <p className="mt-2 text-sm text-warn">No progress for {formatSpan(stalledFor)}</p>
      ) : remaining !== null ? (
        <p className="mt-2" title="From this task’s own speed">
          {formatRange(remaining.from, remaining.to)} left
        </p>
      ) : (
        usual
      )}
      <p className="mt-1 text-sm text-muted">
        Updated <Age at={seenAt} />
        {watched === null ? null : (
          <>
            {' · '}
            <Elapsed {...watched} over={false} />
          </>
        )}
      </p>
    </>
  )
}

function Percent({ task }: { readonly task: Task }) {
  if (task.progress === null) return <Unknown why="no progress reported" />
  return (
    <p className="ml-auto text-2xl font-semibold tracking-tight">
      {task.progress}
      <span className="ml-0.5 text-lg font-medium text-muted">%</span>
    </p>
  )
}

interface ElapsedProps extends Watched {
  readonly over: boolean
}

/** The API reports no start and no end, so only the time watched by this tab is certain. */
function Elapsed({ from, since, until, over }: ElapsedProps) {
  const text = useReading(stopwatch, since, over ? (until ?? since) : until)
  if (over && until === null) return null
  // The task finished some time before it was seen.
  if (from === 'start') return over ? `in ${text} or less` : `running for ${text}`
  return over ? `after ${text} of watching` : `watching for ${text}`
}

const stopwatch = (since: number, until: number | null, now: number) =>
  until === null
    ? stopwatchSince(since, now)
    : { value: formatStopwatch(until - since), changesAt: null }

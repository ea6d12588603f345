import { ArrowRight, Download } from 'lucide-react'
import type { ReactNode } from 'react'
import { isTerminal, type Task } from '../../../core/api/task.ts'
import type { TaskId } from '../../../core/api/task-id.ts'
import { datingOf, isRefused, type TaskRecord } from '../../../core/record/task-record.ts'
import { fileNames } from '../../downloads/file-name.ts'
import { fileState, livingLink } from '../../downloads/file-state.ts'
import { nameTemplate } from '../../downloads/name-template.ts'
import { useReading } from '../../lib/clock.ts'
import { formatCredits, formatNumber, formatPercent } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import { useStore } from '../../lib/store.ts'
import { isPartlyFailed, isQueued, statusLabel } from '../../task-view/status-badge.tsx'
import { useForecast } from '../../task-view/use-forecast.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Link } from '../../ui/link.tsx'
import { Progress } from '../../ui/progress.tsx'
import { timeLeft } from './upload-text.ts'

interface StartedStateProps {
  readonly name: string
  readonly record: TaskRecord
  /** Credits that the API announced; null if it reported none. */
  readonly credits: number | null
}

/** Status of a task that was started here, in one line and a progress bar. */
export function StartedState({ name, record, credits }: StartedStateProps) {
  const { task } = record
  const { estimate, remaining } = useForecast(record)
  if (task === null) {
    return isRefused(record) ? (
      <Line>Started. Its status couldn’t be loaded.</Line>
    ) : (
      <Line>
        {joined('Queued', credits === null ? null : `${formatCredits(credits)} expected`)}
      </Line>
    )
  }
  if (isTerminal(task)) return <Finished task={task} record={record} />
  const { progress } = task
  const label = statusLabel(task)
  const status = progress === null || isQueued(task) ? label : `${label} ${formatPercent(progress)}`
  return (
    <>
      {isQueued(task) ? null : (
        <Progress
          label={`Progress of ${name}`}
          value={progress}
          unknown="Not reported"
          estimate={estimate}
          className="my-1.5 h-1.5"
        />
      )}
      <Line>{joined(status, timeLeft(task, remaining))}</Line>
    </>
  )
}

interface FinishedProps extends Pick<StartedStateProps, 'record'> {
  readonly task: Task
}

function Finished({ task, record: { quotedCredits, deduction } }: FinishedProps) {
  if (task.kind === 'failed') {
    return (
      <Line>
        <span className="font-medium text-bad">{statusLabel(task)}</span>
        {task.reason === null ? null : ` · ${task.reason}`}
      </Line>
    )
  }
  const { amount, state } = task.credits
  return (
    <Line>
      <span className={`font-medium ${isPartlyFailed(task) ? 'text-warn' : 'text-good'}`}>
        {statusLabel(task)}
      </span>
      {amount === null || state !== 'deducted' ? null : ` · ${formatCredits(amount)} deducted`}
      {quotedCredits !== null && deduction.anomalies.includes('other-than-announced') ? (
        <span className="text-warn">, {formatNumber(quotedCredits)} expected</span>
      ) : null}
    </Line>
  )
}

const joined = (...parts: readonly (string | null)[]) =>
  parts.filter((part) => part !== null).join(' · ')

const Line = ({ children }: { readonly children: ReactNode }) => (
  <p className="mt-0.5 text-sm text-pretty text-muted [overflow-wrap:anywhere]">{children}</p>
)

interface StartedActionsProps {
  readonly name: string
  readonly taskId: TaskId
  readonly record: TaskRecord
}

/** Opens the task, or saves its result. */
export function StartedActions({ name, taskId, record }: StartedActionsProps) {
  const file = useReading(readDownload, record)
  const template = useStore(nameTemplate)
  const [saved] = record.task === null ? [] : fileNames(template, { id: taskId, ...record.task })
  return (
    <>
      {file === null ? null : (
        <a
          href={file}
          download={saved}
          rel="noopener noreferrer"
          target="_blank"
          aria-label={`Download ${name}`}
          title={saved === undefined ? undefined : `Saves as ${saved}`}
          className={buttonClass()}
        >
          <Download size={15} />
          <span className="max-sm:hidden">Download</span>
        </a>
      )}
      <Link to={paths.task(taskId)} aria-label={`Open ${name}`} className={buttonClass('quiet')}>
        <span className="max-sm:sr-only">Open</span>
        <ArrowRight size={15} />
      </Link>
    </>
  )
}

/** Link to the result of a task with one file; null if there is none. */
function readDownload(record: TaskRecord, now: number) {
  const [file, ...others] = record.task?.files ?? []
  if (file === undefined || others.length > 0 || record.task?.kind !== 'processed') {
    return { value: null, changesAt: null }
  }
  const at = { ...datingOf(record), refusal: null, source: 'own' } as const
  const { value, changesAt } = fileState(file, at, now)
  return { value: livingLink(value), changesAt }
}

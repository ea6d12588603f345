import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CircleSlash,
  CircleX,
  Hourglass,
} from 'lucide-react'
import type { ReactNode } from 'react'
import type { ApiErrorKind } from '../../../core/api/errors.ts'
import { isTerminal, type Task } from '../../../core/api/task.ts'
import type { TaskRecord } from '../../../core/record/task-record.ts'
import { useReading } from '../../lib/clock.ts'
import { ago, formatPercent } from '../../lib/format.ts'
import { ProgressBar } from '../../task-view/progress-bar.tsx'
import { isPartlyFailed, statusLabel } from '../../task-view/status-badge.tsx'
import { useForecast } from '../../task-view/use-forecast.ts'
import { groupOf } from '../../tasks/task-group.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import type { Icon } from '../../ui/button.tsx'
import { Time } from './row-times.tsx'

interface RowStatusProps {
  readonly entry: TrackedTask
  /** A check of it is in progress. */
  readonly checking: boolean
  /** Without a bar, where a ring shows the same. */
  readonly compact?: boolean
}

/** How far a task is, in a line: the word, the number, the time left, and for a failure the reason. */
export function RowStatus({ entry, checking, compact = false }: RowStatusProps) {
  const { record } = entry
  const { task } = record
  if (groupOf(entry) === 'refused') return <Refused record={record} />
  if (task === null) return <Unseen record={record} checking={checking} />
  if (!isTerminal(task)) return <Running {...{ record, task, checking, compact }} />
  return task.kind === 'failed' ? (
    <Failed reason={task.reason} />
  ) : (
    <Done record={record} task={task} />
  )
}

interface LineProps {
  readonly icon: Icon
  readonly ink: string
  readonly label: string
  readonly labelInk?: string
  /** Shown after the label, paler. */
  readonly children?: ReactNode
}

const Line = ({ icon: Icon, ink, label, labelInk = '', children }: LineProps) => (
  <p className="flex min-w-0 items-center gap-1.5 text-sm">
    <Icon size={15} className={`shrink-0 ${ink}`} />
    <bdi
      className={`min-w-0 shrink-0 truncate font-medium ${labelInk} ${children ? 'max-w-3/4' : 'max-w-full'}`}
      title={label}
    >
      {label}
    </bdi>
    {children === undefined ? null : (
      <span className="min-w-0 truncate text-muted">{children}</span>
    )}
  </p>
)

const REJECTIONS: Readonly<Partial<Record<ApiErrorKind, string>>> = {
  missing: 'Not found',
  key: 'Invalid API key',
  credits: 'Out of credits',
}

const Refused = ({ record: { failure } }: { readonly record: TaskRecord }) => (
  <Line
    icon={CircleSlash}
    ink="text-warn"
    label={REJECTIONS[failure?.error.kind ?? 'rejected'] ?? 'Rejected'}
  />
)

interface SeenProps {
  readonly record: TaskRecord
  readonly checking: boolean
}

function Unseen({ record: { startedAt, failure }, checking }: SeenProps) {
  if (checking) return <Line icon={CircleDashed} ink="text-muted" label="Checking…" />
  if (startedAt !== null) return <Line icon={Hourglass} ink="text-muted" label="Queued" />
  return failure === null ? (
    <Line icon={CircleDashed} ink="text-muted" label="Not checked yet" />
  ) : (
    <Line icon={CircleAlert} ink="text-warn" label="No response yet" />
  )
}

interface RunningProps extends SeenProps {
  readonly task: Task
  readonly compact: boolean
}

function Running({ record, task, checking, compact }: RunningProps) {
  const { estimate, remaining } = useForecast(record)
  const { failure, seenAt } = record
  // Without a response an estimate would go on, as if everything were well.
  const blind = failure !== null
  const label = statusLabel(task)
  return (
    <>
      <Line
        icon={task.kind === 'unrecognized' ? CircleHelp : CircleDashed}
        labelInk={blind ? 'text-muted' : ''}
        ink={blind ? 'text-muted' : task.kind === 'unrecognized' ? 'text-warn' : 'text-accent'}
        label={
          task.progress === null || task.progress === 0
            ? label
            : `${label} ${formatPercent(task.progress)}`
        }
      >
        {blind && seenAt !== null ? (
          <LastSeen at={seenAt} />
        ) : checking ? (
          <span title="Checking…">Checking…</span>
        ) : remaining === null ? undefined : (
          timeLeft(remaining)
        )}
      </Line>
      {compact ? null : (
        <div className={`mt-1.5 ${blind ? 'grayscale' : ''}`}>
          <ProgressBar task={task} estimate={blind ? null : estimate} />
        </div>
      )}
    </>
  )
}

const LastSeen = ({ at }: { readonly at: number }) => (
  <Time at={at}>as of {useReading(ago, at)}</Time>
)

/** A middle of the forecast, no more precise than a glance needs: "~20 s". */
export function timeLeft({ from, to }: { readonly from: number; readonly to: number }): string {
  const seconds = (from + to) / 2
  if (seconds < 90) return `~${Math.max(5, Math.round(seconds / 5) * 5)} s`
  return `~${Math.round(seconds / 60)} min`
}

interface DoneProps {
  readonly record: TaskRecord
  readonly task: Task
}

function Done({ record: { endSeenAt }, task }: DoneProps) {
  const look = isPartlyFailed(task)
    ? { icon: CircleAlert, ink: 'text-warn' }
    : { icon: CircleCheck, ink: 'text-good', labelInk: 'text-good' }
  return (
    <Line {...look} label={statusLabel(task)}>
      {endSeenAt === null ? undefined : <EndedAgo at={endSeenAt} />}
    </Line>
  )
}

const EndedAgo = ({ at }: { readonly at: number }) => <Time at={at}>{useReading(ago, at)}</Time>

const Failed = ({ reason }: { readonly reason: string | null }) => (
  <Line icon={CircleX} ink="text-bad" label="Failed">
    {reason === null ? undefined : (
      <bdi title={reason} className="text-sm">
        {reason}
      </bdi>
    )}
  </Line>
)

import type { ReactNode } from 'react'
import { DAY, HOUR, MINUTE } from '../../../core/lib/units.ts'
import { type Reading, useReading } from '../../lib/clock.ts'
import { type Urgency, urgency } from '../../lib/countdown.ts'
import { formatDateTime, formatUtc, remaining } from '../../lib/format.ts'
import { soonestEnd } from '../../tasks/task-group.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'

const INKS = { calm: 'text-muted', soon: 'text-warn', urgent: 'text-bad', over: 'text-muted' }

/** The column says what is missing; a card omits it. */
export const Nothing = () => (
  <span data-nothing className="text-muted">
    —
  </span>
)

/** Time left on the link that expires next. */
export function Ends({ entry }: { readonly entry: TrackedTask }) {
  const at = useReading(readEnd, entry)
  return at === null ? <Nothing /> : <Countdown at={at} />
}

function readEnd(entry: TrackedTask, now: number): Reading<number | null> {
  const end = soonestEnd(entry, now)
  return { value: end, changesAt: end !== null && end > now ? end : null }
}

function Countdown({ at }: { readonly at: number }) {
  const { text, near } = useReading(readCountdown, at)
  return (
    <Time at={at} className={INKS[near]}>
      {near === 'over' ? 'Expired' : text}
      {near === 'over' ? null : <span className="@table:sr-only"> left</span>}
    </Time>
  )
}

function readCountdown(at: number, now: number): Reading<{ text: string; near: Urgency }> {
  const left = timeUntil(at, now)
  const near = urgency(at, now)
  return {
    value: { text: left.value, near: near.value },
    changesAt: sooner(left.changesAt, near.changesAt),
  }
}

const sooner = (one: number | null, other: number | null) =>
  one === null || other === null ? (one ?? other) : Math.min(one, other)

/** From this many hours on, days say enough. */
const MANY_HOURS = 72

/** One unit, since a row has little room: "47 h"; only at the end to the second. */
export function timeUntil(at: number, now: number): Reading<string> {
  const left = at - now
  if (left <= 0) return { value: '', changesAt: null }
  if (left <= 10 * MINUTE) {
    const { text, changesAt } = remaining(at, left)
    return { value: text, changesAt }
  }
  const [unit, word] =
    left >= MANY_HOURS * HOUR
      ? ([DAY, 'd'] as const)
      : left >= HOUR
        ? ([HOUR, 'h'] as const)
        : ([MINUTE, 'min'] as const)
  const n = Math.floor(left / unit)
  return { value: `${n} ${word}`, changesAt: at - n * unit + 1 }
}

interface TimeProps {
  readonly at: number
  readonly className?: string
  readonly children: ReactNode
}

/** A row is a single keyboard stop, so its times have no tooltips; the task's page has them. */
export const Time = ({ at, className = '', children }: TimeProps) => (
  <time
    dateTime={new Date(at).toISOString()}
    title={`${formatDateTime(at)}\n${formatUtc(at)}`}
    className={`whitespace-nowrap ${className}`}
  >
    {children}
  </time>
)

import { type ReactNode, useCallback } from 'react'
import { type Reading, useReading } from '../../lib/clock.ts'
import { ago, formatDateTime, formatUtc } from '../../lib/format.ts'
import { useCountdown } from '../../task-view/expiry.tsx'
import type { Entry } from '../../watchlist/entry.ts'
import { soonestEnd } from '../../watchlist/row.ts'
import { Nothing } from './nothing.tsx'

const INKS = { calm: 'text-muted', soon: 'text-warn', urgent: 'text-bad', over: 'text-muted' }

/** What is left of the link that ends next. */
export function Ends({ entry }: { readonly entry: Entry }) {
  const at = useReading(
    useCallback(
      (now: number): Reading<number | null> => {
        const end = soonestEnd(entry, now)
        return { value: end, changesAt: end !== null && end > now ? end : null }
      },
      [entry],
    ),
  )
  return at === null ? <Nothing /> : <Countdown at={at} />
}

function Countdown({ at }: { readonly at: number }) {
  const { near, text } = useCountdown(at, true)
  return (
    <Time at={at} className={INKS[near]}>
      {near === 'over' ? 'Expired' : `${text} left`}
    </Time>
  )
}

/** How long ago the last answer came. */
export function Checked({ at }: { readonly at: number | null }) {
  return at === null ? <Nothing /> : <Ago at={at} />
}

function Ago({ at }: { readonly at: number }) {
  const text = useReading(useCallback((now: number) => ago(at, now), [at]))
  return (
    <Time at={at} className="">
      <span className="@table:sr-only">checked </span>
      {text}
    </Time>
  )
}

interface TimeProps {
  readonly at: number
  readonly className: string
  readonly children: ReactNode
}

/** A row is one stop of the keyboard, so its times have no tooltips of their own; the task's page has. */
const Time = ({ at, className, children }: TimeProps) => (
  <time
    dateTime={new Date(at).toISOString()}
    title={`${formatDateTime(at)}\n${formatUtc(at)}`}
    className={`whitespace-nowrap ${className}`}
  >
    {children}
  </time>
)

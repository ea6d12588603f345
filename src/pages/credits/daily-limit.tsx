import { type SyntheticEvent, useId, useRef, useState } from 'react'
import { formatCredits, formatNumber } from '../../lib/format.ts'
import { type DayCredits, MAX_CREDIT_LIMIT, parseCreditLimit } from '../../tasks/credit-limit.ts'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'

interface DailyLimitProps {
  /** Credits a day; null for no limit. */
  readonly limit: number | null
  readonly today: DayCredits
  readonly onLimit: (limit: number | null) => void
}

/** The user's own limit for a day, and how much of it is used. */
export function DailyLimit({ limit, today, onLimit }: DailyLimitProps) {
  const { used, expected } = today
  return (
    <Panel title="Daily limit">
      <div className="mt-2 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <p className="font-medium">
            {formatNumber(used)}
            {limit === null ? '' : ` of ${formatNumber(limit)}`} credits used today
            {expected === 0 ? '' : `, ${formatNumber(expected)} expected`}
          </p>
          <p className="mt-0.5 text-sm text-pretty text-muted">
            {limit === null
              ? 'No limit. Set one to confirm every start beyond it.'
              : 'A start beyond it has to be confirmed. It counts tasks in this browser.'}
          </p>
        </div>
        <LimitForm limit={limit} onLimit={onLimit} />
      </div>
      {limit === null ? null : <Meter limit={limit} {...today} />}
    </Panel>
  )
}

const textOf = (limit: number | null): string => (limit === null ? '' : String(limit))

function LimitForm({ limit, onLimit }: Pick<DailyLimitProps, 'limit' | 'onLimit'>) {
  const [saved, setSaved] = useState(limit)
  const [text, setText] = useState(textOf(limit))
  const [isBad, setBad] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  // Saved here, or in another tab.
  if (saved !== limit) {
    setSaved(limit)
    setText(textOf(limit))
    setBad(false)
  }
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    const next = parseCreditLimit(text)
    setBad(next === null)
    if (next !== null) onLimit(next)
  }
  const remove = () => {
    onLimit(null)
    // The button goes.
    field.current?.focus()
  }
  return (
    <form onSubmit={submit} noValidate>
      <label htmlFor={id} className="text-sm font-medium">
        Credits a day
      </label>
      <div className="mt-1 flex items-center gap-2">
        <input
          ref={field}
          id={id}
          inputMode="numeric"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-invalid={isBad}
          aria-describedby={`${id}-error`}
          className="min-h-9 w-24 rounded-lg border border-line-strong bg-surface px-3 text-right aria-invalid:border-bad pointer-coarse:min-h-11"
        />
        <Button type="submit">{limit === null ? 'Set limit' : 'Save'}</Button>
        {limit === null ? null : (
          <Button look="quiet" onClick={remove}>
            Remove limit
          </Button>
        )}
      </div>
      <p id={`${id}-error`} role="alert" className="mt-1.5 text-sm text-bad empty:hidden">
        {isBad ? `Enter a whole number up to ${formatNumber(MAX_CREDIT_LIMIT)}.` : ''}
      </p>
    </form>
  )
}

/** Used credits solid, expected ones pale, as progress is drawn. */
function Meter({ limit, used, expected }: DayCredits & { readonly limit: number }) {
  const percent = (amount: number) =>
    `${limit === 0 ? 100 : Math.min(100, (amount / limit) * 100)}%`
  const isOver = used + expected > limit
  const colour = isOver ? 'bg-warn' : 'bg-accent'
  return (
    <div
      role="img"
      aria-label={`${formatCredits(used)} used and ${formatNumber(expected)} expected of ${formatNumber(limit)}`}
      className="relative mt-3 h-2 overflow-hidden rounded-full bg-sunken forced-colors:border"
    >
      <div
        className={`absolute inset-y-0 left-0 opacity-40 ${colour}`}
        style={{ width: percent(used + expected) }}
      />
      <div className={`absolute inset-y-0 left-0 ${colour}`} style={{ width: percent(used) }} />
    </div>
  )
}

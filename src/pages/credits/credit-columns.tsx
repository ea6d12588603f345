import { type KeyboardEvent, useRef } from 'react'
import { dayParts, formatDay } from '../../lib/day.ts'
import { formatCredits, formatNumber } from '../../lib/format.ts'
import type { CreditDay } from '../../tasks/credit-days.ts'
import { amountOf, formatCompact, gridlines, type Series } from './chart-series.ts'

interface CreditColumnsProps {
  readonly days: readonly CreditDay[]
  readonly series: readonly Series[]
  /** Index of the active day; null for none. */
  readonly active: number | null
  readonly onActive: (index: number | null) => void
}

const percent = (part: number, whole: number) => `${(part / whole) * 100}%`

/** One column per day, one segment per model. A single Tab stop; arrow keys move between days. */
export function CreditColumns({ days, series, active, onActive }: CreditColumnsProps) {
  const group = useRef<HTMLDivElement>(null)
  const most = Math.max(...days.map(({ total }) => total))
  const highest = days.findIndex(({ total }) => total === most)
  const lines = gridlines(most)
  const axis = Math.max(...lines.map((line) => formatCompact(line).length))
  const last = days.length - 1

  const move = (event: KeyboardEvent) => {
    const from = active ?? last
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: from - 1,
      ArrowRight: from + 1,
      Home: 0,
      End: last,
    }
    if (event.key === 'Escape') onActive(null)
    const to = steps[event.key]
    if (to === undefined) return
    event.preventDefault()
    const column = group.current?.children[Math.min(last, Math.max(0, to))]
    if (column instanceof HTMLElement) column.focus()
  }

  return (
    <div className="relative" style={{ paddingLeft: `${axis + 1}ch` }}>
      <div aria-hidden className="absolute inset-x-0 top-6 h-36">
        {lines.map((line) => (
          <div
            key={line}
            className="absolute right-0 left-0 flex h-0 items-center gap-[1ch]"
            style={{ bottom: percent(line, most) }}
          >
            <span className="text-right text-xs text-muted" style={{ minWidth: `${axis}ch` }}>
              {formatCompact(line)}
            </span>
            <span className="h-px flex-1 bg-line" />
          </div>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields */}
      <div
        ref={group}
        role="group"
        aria-label="Credits by day. Arrow keys go from day to day."
        className="relative flex"
        onKeyDown={move}
        onBlur={() => onActive(null)}
        onPointerLeave={() => onActive(null)}
      >
        {days.map((day, index) => (
          <Column
            key={day.start}
            day={day}
            series={series}
            most={most}
            highest={index === highest}
            mark={index === last ? 'today' : (last - index) % 2 === 0 ? 'kept' : 'wide'}
            first={index === 0}
            active={index === active}
            stop={index === (active ?? last)}
            onActive={() => onActive(index)}
          />
        ))}
      </div>
    </div>
  )
}

interface ColumnProps extends Pick<CreditColumnsProps, 'series'> {
  readonly day: CreditDay
  readonly most: number
  readonly highest: boolean
  /** How its date is shown; `wide` only if there is space for all of them. */
  readonly mark: 'today' | 'kept' | 'wide'
  readonly first: boolean
  readonly active: boolean
  /** Whether it is the Tab stop. */
  readonly stop: boolean
  readonly onActive: () => void
}

const MARKS = { today: 'font-medium text-ink', kept: '', wide: '@max-lg:invisible' } as const

function Column({ day, series, most, highest, mark, first, active, stop, onActive }: ColumnProps) {
  const parts = series
    .map((one) => ({ ...one, amount: amountOf(day, one) }))
    .filter(({ amount }) => amount > 0)
  const { day: number, month } = dayParts(day.start)
  const says = parts.map(({ name, amount }) => `${name} ${formatNumber(amount)}`).join(', ')
  return (
    <div
      role="img"
      aria-label={`${formatDay(day.start)}: ${formatCredits(day.total)}${says === '' ? '' : `. ${says}`}`}
      tabIndex={stop ? 0 : -1}
      onFocus={onActive}
      onPointerEnter={onActive}
      className={`min-w-0 flex-1 rounded-md -outline-offset-2 ${active ? 'bg-sunken' : ''}`}
    >
      <div className="relative mt-6 flex h-36 flex-col justify-end border-b border-line-strong px-[10%] @lg:px-[18%]">
        {highest ? (
          <span className="absolute bottom-full left-1/2 -translate-x-1/2 pb-0.5 text-xs font-medium">
            {formatCompact(day.total)}
          </span>
        ) : null}
        {day.total === 0 ? null : (
          <div
            className="flex min-h-0.5 flex-col-reverse gap-px overflow-hidden rounded-t-[3px]"
            style={{ height: percent(day.total, most) }}
          >
            {parts.map(({ name, color, amount }) => (
              <div
                key={name}
                className={`min-h-px basis-0 forced-color-adjust-none ${color}`}
                // Shares of the total: flex factors below 1 would not fill the column.
                style={{ flexGrow: (amount / day.total) * 100 }}
              />
            ))}
          </div>
        )}
      </div>
      <p aria-hidden className="h-10 pt-1 text-center text-xs text-muted">
        <span className={`block ${MARKS[mark]}`}>{number}</span>
        {first || number === '1' ? month : null}
      </p>
    </div>
  )
}

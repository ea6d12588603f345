import { ChartColumn, Table2 } from 'lucide-react'
import { useState } from 'react'
import { formatDay } from '../../lib/day.ts'
import { formatCredits, formatNumber, plural } from '../../lib/format.ts'
import type { CreditDays } from '../../watchlist/credit-days.ts'
import { amountOf, seriesOf } from './chart-series.ts'
import { CreditColumns } from './credit-columns.tsx'
import { CreditTable } from './credit-table.tsx'

const VIEWS = [
  { view: 'chart', label: 'Chart', icon: ChartColumn },
  { view: 'table', label: 'Table', icon: Table2 },
] as const
type View = (typeof VIEWS)[number]['view']

/** What was deducted day by day, by model: as a picture and as a table. */
export function CreditChart({ credits }: { readonly credits: CreditDays }) {
  const { days, models, unknown } = credits
  const [view, setView] = useState<View>('chart')
  const total = days.reduce((sum, day) => sum + day.total, 0)
  return (
    <section
      aria-labelledby="credit-chart-title"
      className="@container rounded-xl border border-line bg-surface p-5"
    >
      <div className="flex min-h-9 items-center justify-between gap-3">
        <h2 id="credit-chart-title" className="text-sm font-medium text-muted">
          Credits by day
        </h2>
        {total === 0 ? null : <Views view={view} onView={setView} />}
      </div>
      {total === 0 ? (
        <Empty days={days.length} unknown={unknown} />
      ) : view === 'chart' ? (
        <Picture credits={credits} total={total} />
      ) : (
        <div className="mt-3">
          <CreditTable days={days} models={models} />
        </div>
      )}
      {unknown === 0 ? null : (
        <p className="mt-3 text-sm text-pretty text-muted">
          Not counted: {plural(unknown, 'deduction')} whose amount the API did not name.
        </p>
      )}
    </section>
  )
}

interface ViewsProps {
  readonly view: View
  readonly onView: (view: View) => void
}

function Views({ view, onView }: ViewsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields
    <div role="group" aria-label="Show as" className="flex rounded-lg bg-sunken p-0.5">
      {VIEWS.map(({ view: name, label, icon: Icon }) => (
        <button
          key={name}
          type="button"
          aria-pressed={view === name}
          onClick={() => onView(name)}
          className="inline-flex min-h-8 items-center gap-1.5 rounded-md border border-transparent px-2.5 text-sm text-muted hover:text-ink aria-pressed:border-line aria-pressed:bg-surface aria-pressed:font-medium aria-pressed:text-ink"
        >
          <Icon aria-hidden size={14} />
          {label}
        </button>
      ))}
    </div>
  )
}

interface PictureProps {
  readonly credits: CreditDays
  readonly total: number
}

/** The legend tells the numbers of the day that is looked at, else those of all days. */
function Picture({ credits: { days, models }, total }: PictureProps) {
  const [active, setActive] = useState<number | null>(null)
  const series = seriesOf(models)
  const day = active === null ? undefined : days[active]
  const counted = day === undefined ? days : [day]
  return (
    <>
      <p className="mt-1 flex flex-wrap items-baseline gap-x-2">
        <span className="text-2xl font-semibold tracking-tight [overflow-wrap:anywhere]">
          {formatCredits(day?.total ?? total)}
        </span>{' '}
        <span className="text-sm text-muted">
          {day === undefined ? `in the last ${days.length} days` : `on ${formatDay(day.start)}`}
        </span>
      </p>
      <div className="mt-3 grid items-end gap-x-8 gap-y-4 @2xl:grid-cols-[minmax(0,1fr)_minmax(13rem,16rem)]">
        <CreditColumns days={days} series={series} active={active} onActive={setActive} />
        <dl className="grid gap-x-6 gap-y-2 self-center text-sm @max-2xl:@xs:grid-cols-2">
          {series.map(({ name, color, models: summed }) => {
            const amount = counted.reduce((sum, one) => sum + amountOf(one, { models: summed }), 0)
            return (
              <div
                key={name}
                className={`flex items-baseline gap-2 ${amount === 0 ? 'text-muted' : ''}`}
              >
                <dt className="flex min-w-0 items-baseline gap-2">
                  <span
                    aria-hidden
                    className={`size-2.5 shrink-0 rounded-[3px] forced-color-adjust-none ${color}`}
                  />
                  <span className="min-w-0 [overflow-wrap:anywhere]">{name}</span>
                </dt>
                <dd className="ml-auto">{formatNumber(amount)}</dd>
              </div>
            )
          })}
        </dl>
      </div>
    </>
  )
}

function Empty({ days, unknown }: { readonly days: number; readonly unknown: number }) {
  return (
    <div className="flex min-h-40 flex-col items-center justify-center gap-2 py-6 text-center text-muted">
      <ChartColumn aria-hidden size={20} />
      <p className="text-balance">
        {unknown === 0
          ? `No credits deducted in the last ${days} days`
          : `No amount is known for the last ${days} days`}
      </p>
    </div>
  )
}

import { ChartColumn, Table2 } from 'lucide-react'
import { useState } from 'react'
import { formatDay } from '../../lib/day.ts'
import { formatCredits, formatNumber, plural } from '../../lib/format.ts'
import type { CreditDays } from '../../tasks/credit-days.ts'
import { Segmented } from '../../ui/choice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { amountOf, seriesOf } from './chart-series.ts'
import { CreditColumns } from './credit-columns.tsx'
import { CreditTable } from './credit-table.tsx'

const VIEWS = [
  { value: 'chart', label: 'Chart', icon: ChartColumn },
  { value: 'table', label: 'Table', icon: Table2 },
] as const

/** Credits deducted per day and model, as a chart and as a table. */
export function CreditChart({ credits }: { readonly credits: CreditDays }) {
  const { days, models, unknown } = credits
  const [view, setView] = useState<(typeof VIEWS)[number]['value']>('chart')
  const total = days.reduce((sum, day) => sum + day.total, 0)
  return (
    <Panel
      title="Credits by day"
      action={
        total === 0 ? null : (
          <Segmented label="Show as" options={VIEWS} value={view} onChange={setView} />
        )
      }
    >
      {total === 0 ? (
        <div className="flex min-h-40 flex-col items-center justify-center gap-2 py-6 text-center text-muted">
          <ChartColumn size={20} />
          <p className="text-balance">
            {unknown === 0
              ? `No credits deducted in the last ${days.length} days`
              : `No amounts reported in the last ${days.length} days`}
          </p>
        </div>
      ) : view === 'chart' ? (
        <Chart credits={credits} total={total} />
      ) : (
        <div className="mt-3">
          <CreditTable days={days} models={models} />
        </div>
      )}
      {unknown === 0 ? null : (
        <p className="mt-3 text-sm text-pretty text-muted">
          Excludes {plural(unknown, 'charge')} with no amount.
        </p>
      )}
    </Panel>
  )
}

interface ChartProps {
  readonly credits: CreditDays
  readonly total: number
}

/** The legend shows the numbers of the active day, otherwise of all days. */
function Chart({ credits: { days, models }, total }: ChartProps) {
  const [active, setActive] = useState<number | null>(null)
  const series = seriesOf(models)
  const day = active === null ? undefined : days[active]
  const counted = day === undefined ? days : [day]
  return (
    <div className="@container">
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
    </div>
  )
}

import { formatDay } from '../../lib/day.ts'
import { formatNumber } from '../../lib/format.ts'
import type { CreditDays } from '../../tasks/credit-days.ts'
import { amountOf, seriesName } from './chart-series.ts'

/** Longer names would be too tall in a narrow column. */
const LONG = 24

const CELL = 'px-3 py-1.5 text-right whitespace-nowrap last:pr-0'
const NAME = 'sticky left-0 bg-surface py-1.5 pr-3 text-left font-normal whitespace-nowrap'

/** The chart's numbers as a table: newest day first, one column per model. */
export function CreditTable({ days, models }: Pick<CreditDays, 'days' | 'models'>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the section around it has the heading already
    <div
      role="region"
      aria-label="Credits by day and model, as a table"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard scrolls it too
      tabIndex={0}
      className="-mx-5 overflow-x-auto px-5"
    >
      <table className="w-full text-sm">
        <thead className="text-muted">
          <tr className="border-b border-line align-bottom">
            <th scope="col" className={NAME}>
              Day
            </th>
            <th scope="col" className={`${CELL} font-medium text-ink`}>
              Total
            </th>
            {models.map((model) => (
              <th
                key={model}
                scope="col"
                className={`px-3 py-1.5 text-right font-normal last:pr-0 text-balance [overflow-wrap:anywhere] ${seriesName(model).length > LONG ? 'min-w-48' : 'min-w-24'}`}
              >
                {seriesName(model)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((day) => (
            <Row key={day.start} name={formatDay(day.start)} days={[day]} models={models} />
          ))}
        </tbody>
        <tfoot className="font-medium">
          <Row name="Total" days={days} models={models} />
        </tfoot>
      </table>
    </div>
  )
}

interface RowProps extends Pick<CreditDays, 'days' | 'models'> {
  readonly name: string
}

/** Credits deducted on these days: in total, then by model. */
const Row = ({ name, days, models }: RowProps) => (
  <tr className="border-b border-line in-[tfoot]:border-b-0">
    <th scope="row" className={`${NAME} in-[tfoot]:font-medium`}>
      {name}
    </th>
    <td className={`${CELL} font-medium`}>
      <Amount value={days.reduce((sum, { total }) => sum + total, 0)} />
    </td>
    {models.map((model) => (
      <td key={model} className={CELL}>
        <Amount value={days.reduce((sum, day) => sum + amountOf(day, { models: [model] }), 0)} />
      </td>
    ))}
  </tr>
)

const Amount = ({ value }: { readonly value: number }) =>
  value === 0 ? <span className="text-muted">0</span> : formatNumber(value)

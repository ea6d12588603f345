import { formatDay } from '../../lib/day.ts'
import { formatNumber } from '../../lib/format.ts'
import type { CreditDays } from '../../watchlist/credit-days.ts'
import { amountOf, seriesName } from './chart-series.ts'

/** Letters of a name that would be a tower in a narrow column. */
const LONG = 24

const CELL = 'px-3 py-1.5 text-right whitespace-nowrap last:pr-0'
const NAME = 'sticky left-0 bg-surface py-1.5 pr-3 text-left font-normal whitespace-nowrap'

/** The same numbers to read and to copy: the newest day first, each model by itself. */
export function CreditTable({ days, models }: Pick<CreditDays, 'days' | 'models'>) {
  const sumOf = (list: readonly (string | null)[]) =>
    days.reduce((sum, day) => sum + amountOf(day, { models: list }), 0)
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
            <tr key={day.start} className="border-b border-line">
              <th scope="row" className={NAME}>
                {formatDay(day.start)}
              </th>
              <td className={`${CELL} font-medium`}>
                <Amount value={day.total} />
              </td>
              {models.map((model) => (
                <td key={model} className={CELL}>
                  <Amount value={amountOf(day, { models: [model] })} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot className="font-medium">
          <tr>
            <th scope="row" className={`${NAME} font-medium`}>
              Total
            </th>
            <td className={CELL}>
              <Amount value={days.reduce((sum, { total }) => sum + total, 0)} />
            </td>
            {models.map((model) => (
              <td key={model} className={CELL}>
                <Amount value={sumOf([model])} />
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

const Amount = ({ value }: { readonly value: number }) =>
  value === 0 ? <span className="text-muted">0</span> : formatNumber(value)

import { FileSpreadsheet } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { dayParts } from '../../lib/day.ts'
import { formatCredits, formatNumber, plural } from '../../lib/format.ts'
import { type LedgerRow, spendingSince, totals, wasDeducted } from '../../tasks/ledger.ts'
import { Button } from '../../ui/button.tsx'
import { Unknown } from '../../ui/unknown.tsx'
import { LedgerTableRow } from './ledger-row.tsx'

interface LedgerProps {
  /** Newest first. */
  readonly rows: readonly LedgerRow[]
  /** Small image of a task, or null. */
  readonly thumbOf: (id: TaskId) => string | null
  readonly onExport: () => void
}

const PAGE = 50

/** Credits of each task, and how they are known. */
export function Ledger({ rows, thumbOf, onExport }: LedgerProps) {
  const [most, setMost] = useState(PAGE)
  const shown = rows.slice(0, most)
  const more = Math.min(PAGE, rows.length - shown.length)
  return (
    <section aria-labelledby="ledger-title" className="rounded-xl border border-line bg-surface">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 p-5">
        {rows.length === 0 ? <Title /> : <Total rows={rows} />}
        <Button onClick={onExport} disabled={rows.length === 0} icon={FileSpreadsheet}>
          Export CSV
        </Button>
      </div>
      {rows.length === 0 ? (
        <p className="border-t border-line px-5 py-10 text-center text-balance text-muted">
          No credits yet. Tasks appear here after their first check.
        </p>
      ) : (
        <table className="w-full border-t border-line text-left max-md:table-fixed">
          <thead className="text-xs text-muted">
            <tr>
              <Head>Task</Head>
              <Head wide>Settings</Head>
              <Head wide>Charged</Head>
              <Head right>Credits</Head>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <LedgerTableRow key={row.taskId} row={row} thumb={thumbOf(row.taskId)} />
            ))}
          </tbody>
        </table>
      )}
      {more === 0 ? null : (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line px-5 py-3 text-sm text-muted">
          <p role="status">
            Newest {formatNumber(shown.length)} of {formatNumber(rows.length)}
          </p>
          <Button onClick={() => setMost(most + PAGE)}>Show {formatNumber(more)} more</Button>
        </div>
      )}
    </section>
  )
}

interface HeadProps {
  /** Only if there is space; otherwise the first cell of a row shows it. */
  readonly wide?: boolean
  readonly right?: boolean
  readonly children: ReactNode
}

const Head = ({ wide = false, right = false, children }: HeadProps) => (
  <th
    scope="col"
    className={`px-3 py-2 font-normal whitespace-nowrap first:pl-5 last:pr-5 ${wide ? 'max-md:hidden' : ''} ${right ? 'text-right max-md:w-28' : ''}`}
  >
    {children}
  </th>
)

const Title = () => (
  <h2 id="ledger-title" className="text-sm font-medium text-muted">
    Charged in total
  </h2>
)

function Total({ rows }: Pick<LedgerProps, 'rows'>) {
  const deducted = rows.filter(wasDeducted)
  const unnamed = deducted.filter(({ amount }) => amount === null).length
  const since = spendingSince(rows)
  return (
    <div className="min-w-0">
      <Title />
      <p className="mt-1 text-2xl font-semibold tracking-tight [overflow-wrap:anywhere]">
        {unnamed > 0 && unnamed === deducted.length ? (
          <Unknown why="amount not reported" />
        ) : (
          formatCredits(totals(rows).deducted)
        )}
      </p>
      <p className="mt-0.5 text-sm text-pretty text-muted">
        In this browser{since === null ? '' : `, since ${shortDay(since)}`}
        {` · ${plural(deducted.length, 'task')} charged`}
        {unnamed === 0 ? '' : `, ${formatNumber(unnamed)} without an amount`}
      </p>
    </div>
  )
}

/** "12 Nov". */
function shortDay(at: number): string {
  const { day, month } = dayParts(at)
  return `${day} ${month}`
}

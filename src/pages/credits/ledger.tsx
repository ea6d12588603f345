import { FileDown, FileSpreadsheet } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Unknown } from '../../components/unknown.tsx'
import { formatCredits, formatNumber, plural } from '../../lib/format.ts'
import { type LedgerRow, totals, wasDeducted } from '../../watchlist/ledger.ts'
import { LedgerTableRow } from './ledger-row.tsx'

interface LedgerProps {
  /** The newest first. */
  readonly rows: readonly LedgerRow[]
  readonly onExportCsv: () => void
  readonly onExportList: () => void
}

const PAGE = 50

/** What each task cost, and how that is known. */
export function Ledger({ rows, onExportCsv, onExportList }: LedgerProps) {
  const [most, setMost] = useState(PAGE)
  const shown = rows.slice(0, most)
  const more = Math.min(PAGE, rows.length - shown.length)
  return (
    <section aria-labelledby="ledger-title" className="rounded-xl border border-line bg-surface">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3 p-5">
        {rows.length === 0 ? <Title /> : <Total rows={rows} />}
        <div className="flex flex-wrap gap-2">
          <Button
            onClick={onExportCsv}
            disabled={rows.length === 0}
            icon={<FileSpreadsheet aria-hidden size={15} />}
          >
            Export CSV
          </Button>
          <Button onClick={onExportList} icon={<FileDown aria-hidden size={15} />}>
            Export list
          </Button>
        </div>
      </div>
      {rows.length === 0 ? (
        <p className="border-t border-line px-5 py-10 text-center text-balance text-muted">
          Nothing is known of credits yet. A task stands here from its first answer on.
        </p>
      ) : (
        <table className="w-full border-t border-line text-left">
          <thead className="text-sm text-muted">
            <tr>
              <Head>Task</Head>
              <Head wide>Made with</Head>
              <Head wide>First seen deducted</Head>
              <Head right>Credits</Head>
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <LedgerTableRow key={row.taskId} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {more === 0 ? null : (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line px-5 py-3 text-sm text-muted">
          <p role="status">
            The newest {formatNumber(shown.length)} of {formatNumber(rows.length)}
          </p>
          <Button onClick={() => setMost(most + PAGE)}>Show {formatNumber(more)} more</Button>
        </div>
      )}
    </section>
  )
}

interface HeadProps {
  /** Only where there is room; else the first cell of a row tells it. */
  readonly wide?: boolean
  readonly right?: boolean
  readonly children: ReactNode
}

const Head = ({ wide = false, right = false, children }: HeadProps) => (
  <th
    scope="col"
    className={`px-3 py-2 font-normal whitespace-nowrap first:pl-5 last:pr-5 ${wide ? 'max-md:hidden' : ''} ${right ? 'text-right' : ''}`}
  >
    {children}
  </th>
)

const Title = () => (
  <h2 id="ledger-title" className="text-sm font-medium text-muted">
    Ledger
  </h2>
)

function Total({ rows }: Pick<LedgerProps, 'rows'>) {
  const deducted = rows.filter(wasDeducted)
  const unnamed = deducted.filter(({ amount }) => amount === null).length
  return (
    <div className="min-w-0">
      <Title />
      <p className="mt-1 text-2xl font-semibold tracking-tight [overflow-wrap:anywhere]">
        {unnamed > 0 && unnamed === deducted.length ? (
          <Unknown why="no amount was named" />
        ) : (
          formatCredits(totals(rows).deducted)
        )}
      </p>
      <p className="mt-0.5 text-sm text-pretty text-muted">
        Deducted for {formatNumber(deducted.length)} of {plural(rows.length, 'task')}
        {unnamed === 0 ? '' : `, ${formatNumber(unnamed)} of them without an amount`}
      </p>
    </div>
  )
}

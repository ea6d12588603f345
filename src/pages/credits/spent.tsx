import { useReading } from '../../lib/clock.ts'
import { creditDays, creditsToday } from '../../tasks/credit-days.ts'
import type { LedgerRow } from '../../tasks/ledger.ts'
import { CreditChart } from './credit-chart.tsx'

/** Credits by day; updates at midnight. */
export const Spent = ({ rows }: { readonly rows: readonly LedgerRow[] }) => (
  <CreditChart credits={useReading(readDays, rows)} />
)

const readDays = (rows: readonly LedgerRow[], now: number) => ({
  value: creditDays(rows, now),
  changesAt: creditsToday(rows, now).changesAt,
})

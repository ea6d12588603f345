import { useCallback, useMemo } from 'react'
import { useReading } from '../../lib/clock.ts'
import { useStore } from '../../lib/store.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { balanceOf } from '../../tasks/balance.ts'
import { creditDays, creditsToday } from '../../tasks/credit-days.ts'
import { creditLimitOf, creditsOfDay } from '../../tasks/credit-limit.ts'
import { type LedgerRow, ledgerOf } from '../../tasks/ledger.ts'
import { taskThumb } from '../../tasks/task-title.ts'
import { useTaskList } from '../../tasks/use-task-list.ts'
import { PageSkeleton } from '../../ui/page-skeleton.tsx'
import { Part } from '../../ui/part.tsx'
import { saveLedger } from '../task-list/save-list.ts'
import { AccountLink } from './account-link.tsx'
import { BalanceLine } from './balance-line.tsx'
import { CreditChart } from './credit-chart.tsx'
import { DailyLimit } from './daily-limit.tsx'
import { Ledger } from './ledger.tsx'

/** Credits of the tasks that are or were listed. Sends no requests. */
export function CreditsPage({ apiKey }: { readonly apiKey: ApiKey }) {
  const { entries, spent, loaded } = useTaskList(apiKey)
  const all = useMemo(() => [...entries.values()], [entries])
  const rows = useMemo(() => ledgerOf(all, spent), [all, spent])
  const onExport = useCallback(() => saveLedger(rows), [rows])
  const creditLimit = creditLimitOf(apiKey)
  const { credits: limit } = useStore(creditLimit)
  const today = useReading(creditsOfDay, all, rows)
  const balance = useStore(balanceOf(apiKey))
  if (!loaded) return <PageSkeleton />
  return (
    <>
      <title>Credits · Loupe</title>
      <div className="mt-1 mb-4 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h1 className="text-xl font-semibold tracking-tight">Credits</h1>
        <Part>
          <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
            <BalanceLine {...balance} />
            <AccountLink />
          </div>
        </Part>
      </div>
      <Part>
        <Spent rows={rows} />
      </Part>
      <div className="mt-4">
        <Part>
          <DailyLimit
            limit={limit}
            today={today}
            onLimit={(credits) => creditLimit.set({ credits })}
          />
        </Part>
      </div>
      <div className="mt-4">
        <Part>
          <Ledger
            rows={rows}
            thumbOf={(id) => {
              const entry = entries.get(id)
              return entry === undefined ? null : taskThumb(entry)
            }}
            onExport={onExport}
          />
        </Part>
      </div>
    </>
  )
}

/** Credits by day; updates at midnight. */
const Spent = ({ rows }: { readonly rows: readonly LedgerRow[] }) => (
  <CreditChart credits={useReading(readDays, rows)} />
)

const readDays = (rows: readonly LedgerRow[], now: number) => ({
  value: creditDays(rows, now),
  changesAt: creditsToday(rows, now).changesAt,
})

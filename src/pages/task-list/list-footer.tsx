import { useReading } from '../../lib/clock.ts'
import { ago, formatCredits, formatNumber, plural } from '../../lib/format.ts'
import { paths } from '../../lib/paths.ts'
import { creditDays, creditsToday } from '../../tasks/credit-days.ts'
import type { LedgerRow } from '../../tasks/ledger.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { Link } from '../../ui/link.tsx'

interface ListFooterProps {
  readonly entries: readonly TrackedTask[]
  readonly ledger: readonly LedgerRow[]
  readonly shown: number
}

/** Recent spending, number of tasks shown, and age of the data. */
export function ListFooter({ entries, ledger, shown }: ListFooterProps) {
  const { total, days } = useReading(readSpent, ledger)
  const newest = entries.reduce<number | null>(
    (latest, { record: { seenAt } }) => (seenAt === null ? latest : Math.max(latest ?? 0, seenAt)),
    null,
  )
  return (
    <div className="mt-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm text-muted">
      <p>
        {total === 0 ? null : `${formatCredits(total)} in ${days} days · `}
        <Link
          to={paths.credits}
          className="inline-block rounded-sm py-2 underline decoration-line-strong underline-offset-4 hover:text-ink"
        >
          See credits
        </Link>
      </p>
      <div className="flex flex-wrap items-center">
        <p role="status" className="py-2">
          {shown === entries.length
            ? plural(shown, 'task')
            : `${formatNumber(shown)} of ${plural(entries.length, 'task')}`}
        </p>
        {newest === null ? null : <Updated at={newest} />}
      </div>
    </div>
  )
}

const Updated = ({ at }: { readonly at: number }) => (
  <p className="whitespace-pre"> · Updated {useReading(ago, at)}</p>
)

function readSpent(ledger: readonly LedgerRow[], now: number) {
  const { days } = creditDays(ledger, now)
  return {
    value: { total: days.reduce((sum, day) => sum + day.total, 0), days: days.length },
    changesAt: creditsToday(ledger, now).changesAt,
  }
}

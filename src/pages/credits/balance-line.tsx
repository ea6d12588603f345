import { useReading } from '../../lib/clock.ts'
import { ago, formatCredits, formatNumber } from '../../lib/format.ts'
import type { ReportedBalance } from '../../tasks/balance.ts'

/** The account's balance, as far as a response has ever had it. */
export function BalanceLine({ credits, extra, at }: ReportedBalance) {
  const age = useReading(ago, at)
  if (credits === null && extra === null) return null
  const texts = [
    credits === null ? null : formatCredits(credits),
    extra === null ? null : `${formatNumber(extra)} extra`,
  ]
  return (
    <p className="text-sm text-muted">
      <span className="font-medium text-ink">Balance: {texts.filter(Boolean).join(', ')}</span>
      {` · Reported ${age}`}
    </p>
  )
}

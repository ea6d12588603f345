import { useCallback } from 'react'
import { useReading } from '../../lib/clock.ts'
import { creditDays, creditsToday } from '../../watchlist/credit-days.ts'
import type { Entry } from '../../watchlist/entry.ts'
import { CreditChart } from './credit-chart.tsx'

/** The credits of these tasks, day by day; the next midnight begins another day. */
export function Spent({ entries }: { readonly entries: readonly Entry[] }) {
  const credits = useReading(
    useCallback(
      (now: number) => ({
        value: creditDays(entries, now),
        changesAt: creditsToday(entries, now).changesAt,
      }),
      [entries],
    ),
  )
  return <CreditChart credits={credits} />
}

import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { now } from '../../lib/clock.ts'
import { useStore } from '../../lib/store.ts'
import type { ApiKey } from '../../session/api-key.ts'
import {
  creditLimitOf,
  creditsOfDay,
  type DayCredits,
  passesLimit,
} from '../../tasks/credit-limit.ts'
import { ledgerOf } from '../../tasks/ledger.ts'
import { listOf } from '../../tasks/task-list.ts'
import { deferredDialog } from '../../ui/deferred.tsx'
import type { Upload } from '../../uploads/upload.ts'

const LimitDialog = deferredDialog(async () => (await import('./limit-dialog.tsx')).LimitDialog)

interface DailyLimit {
  /** Starts so many tasks, after a confirmation if they would pass the limit. */
  readonly guard: (count: number, start: () => void) => void
  /** Asks for the confirmation. */
  readonly dialog: ReactNode
}

/** A start that waits for its confirmation. */
interface Held {
  readonly limit: number
  readonly today: DayCredits
  readonly start: () => void
}

/** The user's own limit for a day. `price`: credits an image, null if unknown. */
export function useDailyLimit(
  apiKey: ApiKey,
  uploads: readonly Upload[],
  price: number | null,
): DailyLimit {
  const { credits: limit } = useStore(creditLimitOf(apiKey))
  const { entries, spent } = useStore(listOf(apiKey).state)
  const all = useMemo(() => [...entries.values()], [entries])
  const [held, setHeld] = useState<Held | null>(null)
  useEffect(() => {
    if (limit !== null) void LimitDialog.load()
  }, [limit])
  const guard = (count: number, start: () => void) => {
    const { value } = creditsOfDay(all, ledgerOf(all, spent), now())
    const more = price === null ? null : price * count
    const queued = uploads.filter(({ state: { kind } }) => kind === 'waiting' || kind === 'sending')
    const today = { ...value, expected: value.expected + (price ?? 0) * queued.length }
    if (limit === null || !passesLimit(limit, today, more)) return start()
    setHeld({ limit, today: { ...today, expected: today.expected + (more ?? 0) }, start })
  }
  const dialog = held && (
    <LimitDialog
      limit={held.limit}
      today={held.today}
      onStart={held.start}
      onClose={() => setHeld(null)}
    />
  )
  return { guard, dialog }
}

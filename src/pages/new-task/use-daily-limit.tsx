import { type ReactNode, useEffect, useState } from 'react'
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
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { deferredDialog } from '../../ui/deferred.tsx'
import type { UploadQueue } from '../../uploads/upload-queue.ts'
import { countImages } from './upload-text.ts'

const LimitDialog = deferredDialog(async () => (await import('./limit-dialog.tsx')).LimitDialog)

interface DailyLimit {
  /** Starts tasks with so many images, after a confirmation if they would pass the limit. */
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

/** The user's own limit for a day. `priceOf`: credits an image by the tasks of the list, null if unknown. */
export function useDailyLimit(
  apiKey: ApiKey,
  queue: UploadQueue,
  priceOf: (entries: readonly TrackedTask[]) => number | null,
): DailyLimit {
  const { credits: limit } = useStore(creditLimitOf(apiKey))
  const [held, setHeld] = useState<Held | null>(null)
  useEffect(() => {
    if (limit !== null) void LimitDialog.load()
  }, [limit])
  const guard = async (count: number, start: () => void) => {
    if (limit === null) return start()
    const list = listOf(apiKey)
    // Just after a reload it may not have been read yet.
    await list.load()
    const { entries, spent } = list.state.get()
    const all = [...entries.values()]
    const price = priceOf(all)
    const more = price === null ? null : price * count
    const queued = queue.items
      .get()
      .filter(({ state: { kind } }) => kind === 'waiting' || kind === 'sending')
    const { value } = creditsOfDay(all, ledgerOf(all, spent), now())
    const today = { ...value, expected: value.expected + (price ?? 0) * countImages(queued) }
    if (!passesLimit(limit, today, more)) return start()
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
  return { guard: (count, start) => void guard(count, start), dialog }
}

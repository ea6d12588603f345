import { type ReactNode, useEffect, useState } from 'react'
import type { StartSettings } from '../../api/create-task.ts'
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
import type { Unfinished } from '../../uploads/unfinished.ts'
import { sourcesOf, type Upload, type UploadState } from '../../uploads/upload.ts'
import type { UploadQueue } from '../../uploads/upload-queue.ts'
import { estimateCredits, pricesOf, totalOf } from './estimate.ts'

const LimitDialog = deferredDialog(async () => (await import('./limit-dialog.tsx')).LimitDialog)

interface DailyLimit {
  /** Starts tasks with these images, after a confirmation if they would pass the limit. */
  readonly guard: (uploads: readonly Upload[], start: () => void) => void
  /** Asks for the confirmation. */
  readonly dialog: ReactNode
}

/** Also those that continue without a question once their files are chosen again. */
const UNDER_WAY: ReadonlySet<UploadState['kind']> = new Set(['waiting', 'sending', 'interrupted'])

/** A start that waits for its confirmation. */
interface Held {
  readonly limit: number
  readonly today: DayCredits
  readonly start: () => void
}

/** The user's own limit for a day, in all tabs together. `settingsOf`: what an image is started with. */
export function useDailyLimit(
  apiKey: ApiKey,
  queue: UploadQueue,
  elsewhere: () => readonly Unfinished[],
  settingsOf: (upload: Upload) => StartSettings,
): DailyLimit {
  const { credits: limit } = useStore(creditLimitOf(apiKey))
  const [held, setHeld] = useState<Held | null>(null)
  useEffect(() => {
    if (limit !== null) void LimitDialog.load()
  }, [limit])
  const guard = async (uploads: readonly Upload[], start: () => void) => {
    if (limit === null) return start()
    const list = listOf(apiKey)
    // Just after a reload it may not have been read yet.
    await list.load()
    const { entries, spent } = list.state.get()
    const all = [...entries.values()]
    const prices = pricesOf(all)
    const more = totalOf(uploads, (upload) => estimateCredits(prices, settingsOf(upload)))
    const queued = queue.items.get().filter(({ state }) => UNDER_WAY.has(state.kind))
    const underWay = [
      ...queued.map((upload) => ({
        settings: upload.settings ?? settingsOf(upload),
        images: sourcesOf(upload.source),
      })),
      ...elsewhere(),
    ]
    const { value } = creditsOfDay(all, ledgerOf(all, spent), now())
    const today = underWay.reduce(
      ({ expected, ...rest }, { settings, images }) => ({
        ...rest,
        expected: expected + (estimateCredits(prices, settings) ?? 0) * images.length,
      }),
      value,
    )
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
  return { guard: (uploads, start) => void guard(uploads, start), dialog }
}

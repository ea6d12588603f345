import { scaleFactor } from '../../../core/api/task.ts'
import type { StartSettings } from '../../api/create-task.ts'
import { taskSettings } from '../../tasks/task-title.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { sourcesOf, type Upload } from '../../uploads/upload.ts'

/** Cost of a task of this browser. */
export interface Price {
  readonly model: string | null
  readonly scale: number | null
  /** Credits per image. */
  readonly credits: number
  /** When it was last reported, epoch milliseconds. */
  readonly at: number
}

/** Prices of all tasks that have one, deducted or expected. A failed task costs nothing, so it says nothing. */
export const pricesOf = (entries: Iterable<TrackedTask>): readonly Price[] =>
  Array.from(entries).flatMap((entry) => {
    const { task, quotedCredits, seenAt, startedAt } = entry.record
    const settings = taskSettings(entry)
    const amount = task?.credits.amount || quotedCredits
    if (settings === null || task?.kind === 'failed' || !amount) return []
    const sent = (entry.source?.more ?? 0) + 1
    const credits = amount / (task?.files.length || sent)
    const { model, scale } = settings
    return [{ model, scale: scaleFactor(scale), credits, at: seenAt ?? startedAt ?? 0 }]
  })

type Priced = Pick<StartSettings, 'model' | 'scale'>

/** Credits per image by the newest price of this scale, best of this model; null if there is none. */
export function estimateCredits(prices: readonly Price[], settings: Priced): number | null {
  const ofScale = prices.filter(({ scale }) => scale === settings.scale)
  const ofModel = ofScale.filter(({ model }) => model === settings.model)
  const known = ofModel.length > 0 ? ofModel : ofScale
  return known.reduce<Price | null>(newer, null)?.credits ?? null
}

const newer = (one: Price | null, other: Price): Price =>
  one !== null && one.at >= other.at ? one : other

/** Sum for the images of these uploads; null if the price of one is unknown. */
export const totalOf = (
  uploads: readonly Upload[],
  priceOf: (upload: Upload) => number | null,
): number | null =>
  uploads.reduce<number | null>((sum, upload) => {
    const price = priceOf(upload)
    return sum === null || price === null ? null : sum + price * sourcesOf(upload.source).length
  }, 0)

import { safeText } from '../../core/lib/safe-text.ts'
import type { Titled } from './task-title.ts'

/** Names of a task's images as far as they are known, in the order they were sent or reported in. */
export function imageNames({ record, source = null }: Omit<Titled, 'id'>): readonly string[] {
  const sent = source === null ? [] : [source.name, ...source.others]
  const reported = (record.task?.files ?? []).flatMap(
    ({ originalName, storedName }) => originalName ?? storedName ?? [],
  )
  return sent.length < reported.length ? reported : sent
}

/** Number of a task's images; at least one. */
export const imageCount = ({ record, source = null }: Omit<Titled, 'id'>): number =>
  Math.max(1, record.task?.files.length ?? 0, (source?.more ?? 0) + 1)

/** As many as a tooltip has room for. */
const MAX_NAMES = 20
const MAX_LENGTH = 80

/** "tram.jpg, lake.png and 3 more". Safe to display. */
export function namesText(names: readonly string[], count = names.length): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => safeText(name, MAX_LENGTH))
  const more = count - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}

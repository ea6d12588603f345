import { type Settings, scaleFactor } from '../../core/api/task.ts'
import { HOUR } from '../../core/lib/units.ts'
import type { TaskRecord } from '../../core/record/task-record.ts'

/** How long most tasks took from their start to their end, in milliseconds. */
export interface UsualDuration {
  readonly from: number
  readonly to: number
}

/** The newest tasks say most about the next one. */
const NEWEST = 20
/** Fewer tell nothing. */
const FEWEST = 3
/** An end that is seen later was not watched, such as after a night. */
const MAX_WATCHED = HOUR

/**
 * The middle half of the durations of the newest finished tasks with the same model and scale; null if too few
 * are known. Only tasks that were started here count, since the start of others is unknown. Pure.
 */
export function usualDuration(
  records: Iterable<TaskRecord>,
  settings: Pick<Settings, 'model' | 'scale'>,
): UsualDuration | null {
  const scale = scaleFactor(settings.scale)
  const runs = Array.from(records).flatMap(({ task, startedAt, endSeenAt }) => {
    const isSame =
      task?.kind === 'processed' &&
      task.settings.model === settings.model &&
      scaleFactor(task.settings.scale) === scale
    const took = (endSeenAt ?? 0) - (startedAt ?? 0)
    const isWatched = startedAt !== null && endSeenAt !== null && took > 0 && took < MAX_WATCHED
    return isSame && isWatched ? [{ endSeenAt, took }] : []
  })
  const newest = runs.sort((a, b) => b.endSeenAt - a.endSeenAt).slice(0, NEWEST)
  const sorted = newest.map(({ took }) => took).sort((a, b) => a - b)
  const from = sorted[Math.floor((sorted.length - 1) / 4)]
  const to = sorted[Math.ceil(((sorted.length - 1) * 3) / 4)]
  return sorted.length < FEWEST || from === undefined || to === undefined ? null : { from, to }
}

import { SECOND } from '../../../core/lib/units.ts'
import { formatRange } from '../../lib/format.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'

/** Fewer say nothing about the next one. */
const MIN_TASKS = 3
const NEWEST = 20

/** "25–60 s": how long the newest finished tasks took, without the slowest and fastest; null if unknown. */
export function usualRange(entries: readonly TrackedTask[], except: string): string | null {
  const took = entries
    .filter(({ id }) => id !== except)
    .sort((a, b) => b.addedAt - a.addedAt)
    .flatMap(({ record: { startedAt, endSeenAt, task } }) =>
      startedAt === null || endSeenAt === null || task?.kind !== 'processed'
        ? []
        : [(endSeenAt - startedAt) / SECOND],
    )
    .slice(0, NEWEST)
    .sort((a, b) => a - b)
  if (took.length < MIN_TASKS) return null
  const at = (share: number) => took[Math.floor(share * (took.length - 1))] ?? 0
  return formatRange(at(0.2), at(0.8))
    .replace(/^About /, '')
    .toLowerCase()
}

import { useMemo } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { SECOND } from '../../../core/lib/units.ts'
import { formatRange } from '../../lib/format.ts'
import type { ApiKey } from '../../session/api-key.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { useTaskList } from '../../tasks/use-task-list.ts'

interface UsualTimeProps {
  readonly apiKey: ApiKey
  readonly taskId: TaskId
}

/** How long earlier tasks took from their start here, until this one has a forecast of its own. */
export function UsualTime({ apiKey, taskId }: UsualTimeProps) {
  const { entries } = useTaskList(apiKey)
  const range = useMemo(() => usualRange([...entries.values()], taskId), [entries, taskId])
  return range === null ? null : <p className="mt-2 text-sm text-muted">Usually {range}</p>
}

/** Fewer say nothing about the next one. */
const MIN_TASKS = 3
const NEWEST = 20

/** "25–60 s": how long the newest finished tasks took, without the slowest and fastest; null if unknown. */
function usualRange(entries: readonly TrackedTask[], except: string): string | null {
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

import { useMemo } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { SECOND } from '../../../core/lib/units.ts'
import { formatRange } from '../../lib/format.ts'
import type { ApiKey } from '../../session/api-key.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { useTaskList } from '../../tasks/use-task-list.ts'
import { usualDuration } from '../../tasks/usual-duration.ts'

interface UsualTimeProps {
  readonly apiKey: ApiKey
  readonly taskId: TaskId
}

/** How long earlier tasks like it took from their start here, until this one has a forecast of its own. */
export function UsualTime({ apiKey, taskId }: UsualTimeProps) {
  const { entries } = useTaskList(apiKey)
  const range = useMemo(() => usualRange(entries, taskId), [entries, taskId])
  return range === null ? null : <p className="mt-2 text-sm text-muted">Usually {range}</p>
}

/** "25 to 60 s"; null if unknown. */
function usualRange(entries: ReadonlyMap<TaskId, TrackedTask>, id: TaskId): string | null {
  const own = entries.get(id)
  const settings = own?.record.task?.settings ?? own?.settings
  if (settings === undefined || settings === null) return null
  const others = [...entries.values()].flatMap((entry) => (entry === own ? [] : [entry.record]))
  const usual = usualDuration(others, settings)
  return usual === null
    ? null
    : formatRange(usual.from / SECOND, usual.to / SECOND)
        .replace(/^About /, '')
        .toLowerCase()
}

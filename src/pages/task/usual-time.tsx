import { useEffect, useMemo } from 'react'
import type { TaskId } from '../../../core/api/task-id.ts'
import { useStore } from '../../lib/store.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { listOf } from '../../tasks/task-list.ts'
import { usualRange } from './usual-range.ts'

interface UsualTimeProps {
  readonly apiKey: ApiKey
  readonly taskId: TaskId
}

/** How long earlier tasks took from their start here, until this one has a forecast of its own. */
export function UsualTime({ apiKey, taskId }: UsualTimeProps) {
  const list = listOf(apiKey)
  const { entries } = useStore(list.state)
  useEffect(() => void list.load(), [list])
  const range = useMemo(() => usualRange([...entries.values()], taskId), [entries, taskId])
  return range === null ? null : <p className="mt-2 text-sm text-muted">Usually {range}</p>
}

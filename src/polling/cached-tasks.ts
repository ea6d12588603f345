import type { QueryClient } from '@tanstack/react-query'
import { now } from '../lib/clock.ts'
import { HOUR } from '../lib/units.ts'
import type { WatchedTask } from './policy.ts'
import { isRefused, type TaskRecord, UNASKED, watchedTask } from './task-record.ts'

/** Of what React Query has of this key's tasks, what the policy is to plan with. */
export function cachedTasks(
  client: QueryClient,
  keyHash: string,
  followed: ReadonlySet<string>,
): readonly WatchedTask[] {
  // By hand, without a hash of each key: it is done after every answer, for thousands of tasks.
  return client
    .getQueryCache()
    .getAll()
    .flatMap((query) => {
      const [kind, owner, id] = query.queryKey as readonly string[]
      if (kind !== 'task' || owner !== keyHash || id === undefined) return []
      const record = (query.state.data as TaskRecord | undefined) ?? UNASKED
      // What ended lately tells what will come; what was refused will not be asked again.
      const recent = record.seenAt !== null && now() - record.seenAt < HOUR
      const asking = query.state.fetchStatus === 'fetching'
      if (!asking && (isRefused(record) || !(recent || followed.has(id)))) return []
      return [watchedTask(id, record, asking)]
    })
}

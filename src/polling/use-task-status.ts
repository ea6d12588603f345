import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import type { ApiKey } from '../session/api-key.ts'
import { currentKey, subscribeToKey } from '../session/session.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import { type Asker, createAsker } from './asker.ts'
import { taskQuery } from './task-query.ts'

/** One asker for the key of this tab; it ends when the key is forgotten or changed. */
const askers = new WeakMap<QueryClient, Map<ApiKey, Asker>>()

function askerOf(client: QueryClient, key: ApiKey): Asker {
  const known = askers.get(client) ?? new Map<ApiKey, Asker>()
  askers.set(client, known)
  const open = known.get(key)
  if (open !== undefined) return open
  const asker = createAsker(client, key)
  known.set(key, asker)
  const stop = subscribeToKey(() => {
    if (currentKey() === key) return
    stop()
    known.delete(key)
    asker.close()
  })
  return asker
}

/** The allowance, who asks, and when: for all that shows or steers the asking. */
export function useAsker(key: ApiKey) {
  const asker = askerOf(useQueryClient(), key)
  return { asker, ...useSyncExternalStore(asker.subscribe, asker.state) }
}

/** Follows one task; all that follow it, in all tabs, share one question. */
export function useTaskStatus(key: ApiKey, taskId: TaskId) {
  const { asker, plan, ...shared } = useAsker(key)
  const { data, fetchStatus } = useQuery(taskQuery(asker, taskId))
  useEffect(() => asker.follow(taskId), [asker, taskId])
  return {
    ...shared,
    record: data,
    next: plan.get(taskId) ?? null,
    asking: fetchStatus === 'fetching',
    offline: fetchStatus === 'paused',
    askNow: () => asker.askNow(taskId),
    setPaused: asker.setPaused,
  }
}

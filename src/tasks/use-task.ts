import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import type { RecordedResponse } from '../../core/api/recording.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import type { TaskRecord } from '../../core/record/task-record.ts'
import type { PlannedCheck } from '../../core/schedule/schedule.ts'
import { onNetwork, saysOffline } from '../lib/browser/network.ts'
import { useStore } from '../lib/store.ts'
import type { ApiKey } from '../session/api-key.ts'
import { perKey } from '../session/per-key.ts'
import { createPoller, type Poller, type PollerState } from './poller.ts'
import { loadedList, loadListOf, recordStoreFor } from './record-store.ts'
import { taskQuery } from './task-queries.ts'
import type { TrackedTask } from './tracked-task.ts'

/** The poller for the key of this tab. */
const pollerFor = perKey((key, client: QueryClient) =>
  createPoller(client, key, recordStoreFor(key)),
)

/** The poller of this key, and its state. */
export function usePoller(key: ApiKey): { readonly poller: Poller; readonly state: PollerState } {
  const poller = pollerFor(key, useQueryClient())
  return { poller, state: useSyncExternalStore(poller.subscribe, poller.state) }
}

/** Quota and leadership of one key, and the settings that the user can change. */
export interface PollingState
  extends Pick<PollerState, 'quota' | 'paused' | 'serverManaged' | 'role'>,
    Pick<Poller, 'setPaused' | 'setLimit'> {}

/** A followed task: everything a page needs to render it. */
export interface FollowedTask extends PollingState {
  readonly record: TaskRecord
  /** Null if a retry would get the same response. */
  readonly next: PlannedCheck | null
  /** A request is in flight. */
  readonly fetching: boolean
  /** The last request was unsent because the browser has no network. */
  readonly offline: boolean
  readonly checkNow: () => void
  /** The same, sent by this tab; resolves with the record after that. */
  readonly refetch: () => Promise<TaskRecord>
  /** Outcomes of this tab's requests so far, for recordings. */
  readonly responses: () => readonly RecordedResponse[]
}

/** Follows one task; all followers, in all tabs, share its requests. */
export function useTask(key: ApiKey, taskId: TaskId): FollowedTask {
  const { poller, state } = usePoller(key)
  const { plan, ...shared } = state
  const { data, fetchStatus } = useQuery(taskQuery(poller, taskId))
  const isOffline = useSyncExternalStore(onNetwork, saysOffline)
  useEffect(() => poller.open(taskId), [poller, taskId])
  return {
    ...shared,
    record: data,
    next: plan.get(taskId) ?? null,
    fetching: fetchStatus === 'fetching',
    offline: isOffline && data.failure?.error.kind === 'network',
    checkNow: () => poller.checkNow(taskId),
    refetch: () => poller.refetch(taskId),
    responses: () => poller.responsesOf(taskId),
    setPaused: poller.setPaused,
    setLimit: poller.setLimit,
  }
}

const never = () => () => {}

/** The stored entry of one task, with the image and settings of an own upload; null before it is read. */
export function useTrackedTask(key: ApiKey, taskId: TaskId): TrackedTask | null {
  const list = useStore(loadedList)?.listOf(key).state
  useEffect(() => {
    // Storage that fails is reported by the list.
    loadListOf(key)
      .then((opened) => opened?.loadEntry(taskId))
      .catch(() => {})
  }, [key, taskId])
  return useSyncExternalStore(
    list?.subscribe ?? never,
    () => list?.get().entries.get(taskId) ?? null,
  )
}

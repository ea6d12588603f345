import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useSyncExternalStore } from 'react'
import { onNetwork, saysOffline } from '../lib/browser/network.ts'
import { type ApiKey, hashKey } from '../session/api-key.ts'
import { currentKey, subscribeToKey } from '../session/session.ts'
import type { RecordedAnswer } from '../upscayl/recording.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import { type Asker, type AskerState, createAsker } from './asker.ts'
import { type Memory, NO_MEMORY } from './memory.ts'
import type { Next } from './policy.ts'
import { taskQuery } from './task-query.ts'
import type { TaskRecord } from './task-record.ts'

/** What outlives the page, by the hash of the key; nothing unless the program provides it. */
export const MemoryContext = createContext<(keyHash: string) => Memory>(() => NO_MEMORY)

/** One asker for the key of this tab; it ends when the key is forgotten or changed. */
const askers = new WeakMap<QueryClient, Map<ApiKey, Asker>>()

function askerOf(client: QueryClient, key: ApiKey, memory: () => Memory): Asker {
  const known = askers.get(client) ?? new Map<ApiKey, Asker>()
  askers.set(client, known)
  const open = known.get(key)
  if (open !== undefined) return open
  const asker = createAsker(client, key, memory())
  known.set(key, asker)
  const stop = subscribeToKey(() => {
    if (currentKey() === key) return
    stop()
    known.delete(key)
    asker.close()
  })
  return asker
}

/** All that asks with this key, and how it stands. */
export function useAsker(key: ApiKey): { readonly asker: Asker; readonly state: AskerState } {
  const client = useQueryClient()
  const memoryOf = useContext(MemoryContext)
  const asker = askerOf(client, key, () => memoryOf(hashKey(key)))
  return { asker, state: useSyncExternalStore(asker.subscribe, asker.state) }
}

/** What one key may still ask, who asks with it, and what a person can change of that. */
export interface Asking
  extends Pick<AskerState, 'allowance' | 'paused' | 'counted' | 'role'>,
    Pick<Asker, 'setPaused' | 'setLimit'> {}

/** A task that is followed: all a page needs to draw it. */
export interface Following extends Asking {
  readonly record: TaskRecord
  /** Null where the answer would be the same again. */
  readonly next: Next | null
  /** A question is under way. */
  readonly asking: boolean
  /** The last question reached nobody, and the browser knows why: it has no network. */
  readonly offline: boolean
  readonly askNow: () => void
  /** The same, asked by this tab; resolves with what is known then. */
  readonly renew: () => Promise<TaskRecord>
  /** What this tab's questions brought so far, to be recorded. */
  readonly answers: () => readonly RecordedAnswer[]
}

/** Follows one task; all that follow it, in all tabs, share one question. */
export function useTaskStatus(key: ApiKey, taskId: TaskId): Following {
  const { asker, state } = useAsker(key)
  const { plan, ...shared } = state
  const { data, fetchStatus } = useQuery(taskQuery(asker, taskId))
  const isOffline = useSyncExternalStore(onNetwork, saysOffline)
  useEffect(() => asker.open(taskId), [asker, taskId])
  return {
    ...shared,
    record: data,
    next: plan.get(taskId) ?? null,
    asking: fetchStatus === 'fetching',
    offline: isOffline && data.failure?.error.kind === 'network',
    askNow: () => asker.askNow(taskId),
    renew: () => asker.fresh(taskId),
    answers: () => asker.answersOf(taskId),
    setPaused: asker.setPaused,
    setLimit: asker.setLimit,
  }
}

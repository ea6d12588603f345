import { type Query, type QueryClient, queryOptions } from '@tanstack/react-query'
import { now } from '../lib/clock.ts'
import { type ApiKey, hashKey } from '../session/api-key.ts'
import { getTaskStatus } from '../upscayl/client.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import { nextQuestion } from './policy.ts'
import { recordAnswer, type TaskRecord } from './task-record.ts'

/** The key itself never enters a query key: React Query's devtools and dehydration show those. */
const queryKey = (key: ApiKey, taskId: TaskId) => ['task', hashKey(key), taskId] as const

type TaskQuery = Query<TaskRecord, Error, TaskRecord, ReturnType<typeof queryKey>>

const AT_ONCE = 1 // React Query takes an interval of 0 for none
const LONGEST_TIMER = 2_147_483_647 // the longest setInterval (HTML standard: a signed 32-bit integer)

/** Milliseconds until the policy wants the next question; false where it wants none, or one is under way. */
function dueIn(query: TaskQuery): number | false {
  const record = query.state.data
  if (record === undefined || query.state.fetchStatus !== 'idle') return false
  const next = nextQuestion(record)
  if (next.kind === 'stop') return false
  return Math.min(LONGEST_TIMER, Math.max(AT_ONCE, next.at - now()))
}

const overdue = (query: TaskQuery) => dueIn(query) === AT_ONCE

/**
 * One task, followed until the policy stops. React Query repeats nothing by itself: every answer,
 * also a failed one, is data for the policy, whose deadline is the only timer.
 */
export const taskQuery = (client: QueryClient, key: ApiKey, taskId: TaskId) =>
  queryOptions({
    queryKey: queryKey(key, taskId),
    queryFn: async (): Promise<TaskRecord> => {
      const before = client.getQueryData<TaskRecord>(queryKey(key, taskId))
      const askedAt = now()
      // No abort signal: a read that was cancelled has still had its effect.
      const answer = await getTaskStatus(key, taskId)
      return recordAnswer(before, answer, askedAt, now())
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchInterval: dueIn,
    refetchIntervalInBackground: true,
    refetchOnMount: (query) => (overdue(query) ? 'always' : false),
    refetchOnWindowFocus: (query) => (overdue(query) ? 'always' : false),
    refetchOnReconnect: (query) => (overdue(query) ? 'always' : false),
  })

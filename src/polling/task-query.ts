import { type Query, queryOptions } from '@tanstack/react-query'
import type { TaskId } from '../upscayl/task-id.ts'
import { type TaskRecord, UNASKED } from './task-record.ts'

/** The key itself never enters a query key: React Query's devtools and dehydration show those. */
export const taskKey = (keyHash: string, taskId: string) => ['task', keyHash, taskId] as const

/** What a query needs of whoever asks; see asker.ts. */
export interface Asks {
  readonly keyHash: string
  readonly ask: (taskId: TaskId) => Promise<TaskRecord>
  /** Milliseconds until the policy wants this task asked; false for not by itself. */
  readonly dueIn: (taskId: TaskId) => number | false
}

/** A task as this tab knows it. Looking at it asks nothing: only what is polled is asked. */
export const taskQuery = (asks: Asks, taskId: TaskId) =>
  queryOptions({
    queryKey: taskKey(asks.keyHash, taskId),
    queryFn: () => asks.ask(taskId),
    initialData: UNASKED,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    // Every answer, also a failed one, is data for the policy; nothing but it repeats a question.
    retry: false,
    // A browser that calls itself offline may be wrong; a question that reaches nobody costs nothing.
    networkMode: 'always',
    refetchOnMount: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/** The same, asked when the policy says so. A question under way is never joined by another. */
export const polledTaskQuery = (asks: Asks, taskId: TaskId) => ({
  ...taskQuery(asks, taskId),
  refetchInterval: ({ state }: Query<TaskRecord, Error, TaskRecord, ReturnType<typeof taskKey>>) =>
    state.fetchStatus === 'idle' ? asks.dueIn(taskId) : false,
  refetchIntervalInBackground: true,
})

import { type Query, type QueryClient, queryOptions } from '@tanstack/react-query'
import type { TaskId } from '../../core/api/task-id.ts'
import { EMPTY_RECORD, type TaskRecord } from '../../core/record/task-record.ts'

/** The key itself never enters a query key: React Query's devtools and dehydration show those. */
export const taskKey = (keyHash: string, taskId: string) => ['task', keyHash, taskId] as const

/** Part of the poller that queries need; see poller.ts. */
export interface StatusSource {
  readonly keyHash: string
  readonly check: (taskId: TaskId) => Promise<TaskRecord>
  /** Milliseconds until this task's next automatic check; false for none. */
  readonly dueIn: (taskId: TaskId) => number | false
}

/** Keeps records in the cache even if a task is neither visible nor planned. */
export const keepTasks = (client: QueryClient, keyHash: string): void =>
  client.setQueryDefaults(['task', keyHash], { gcTime: Number.POSITIVE_INFINITY })

/** This tab's record of a task. Reading it sends no request: only polled queries do. */
export const taskQuery = (source: StatusSource, taskId: TaskId) =>
  queryOptions({
    queryKey: taskKey(source.keyHash, taskId),
    queryFn: () => source.check(taskId),
    initialData: EMPTY_RECORD,
    staleTime: Number.POSITIVE_INFINITY,
    // Every response, even a failed one, is input for the scheduler; nothing else repeats a request.
    retry: false,
    // A browser that reports being offline may be wrong, and an unsent request costs nothing.
    networkMode: 'always',
    refetchOnMount: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })

/** The same, with checks as scheduled. There is never a second request in flight. */
export const polledTaskQuery = (source: StatusSource, taskId: TaskId) => ({
  ...taskQuery(source, taskId),
  refetchInterval: ({ state }: Query<TaskRecord, Error, TaskRecord, ReturnType<typeof taskKey>>) =>
    state.fetchStatus === 'idle' ? source.dueIn(taskId) : false,
  refetchIntervalInBackground: true,
})

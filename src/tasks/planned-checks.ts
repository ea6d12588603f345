import type { QueryClient } from '@tanstack/react-query'
import type { TaskId } from '../../core/api/task-id.ts'
import { HOUR } from '../../core/lib/units.ts'
import { downUntil, MAX_RESPONSE_TIME } from '../../core/quota/outage.ts'
import { prune } from '../../core/quota/quota.ts'
import {
  EMPTY_RECORD,
  isRefused,
  type TaskRecord,
  watchedTask,
} from '../../core/record/task-record.ts'
import { type PlannedCheck, plan, type WatchedTask } from '../../core/schedule/schedule.ts'
import { now } from '../lib/clock.ts'
import type { ServerFreshness } from './server-freshness.ts'
import type { Shared } from './shared-state.ts'

interface PlanOptions {
  readonly client: QueryClient
  readonly keyHash: string
  readonly followed: ReadonlyMap<string, unknown>
  readonly shared: Shared
  readonly freshness: ServerFreshness
  readonly visible: boolean
}

/** Next check of each followed task, from the scheduler, or from the server if it counts for all clients. */
export function planChecks({
  client,
  keyHash,
  followed,
  shared,
  freshness,
  visible,
}: PlanOptions): ReadonlyMap<string, PlannedCheck> {
  const { quota, serverManaged } = shared
  const tasks = cachedTasks(client, keyHash, followed)
  const next = plan({ now: now(), visible, tasks, quota })
  if (!serverManaged) return next
  const held = downUntil(prune(quota, now()).outage)
  const isNew = ({ requestedAt, startedAt }: WatchedTask) =>
    requestedAt === null && startedAt === null
  const unchecked = new Set(tasks.filter(isNew).map(({ id }) => id))
  return withServerSchedule(next, freshness, (id) => unchecked.has(id), held, now())
}

/** Input of the scheduler: this key's tasks in React Query's cache, and those that are followed. */
function cachedTasks(
  client: QueryClient,
  keyHash: string,
  followed: ReadonlyMap<string, unknown>,
): readonly WatchedTask[] {
  const tasks: WatchedTask[] = []
  const unknown = new Set(followed.keys())
  // Without hashing each query key: this runs after every response, for thousands of tasks.
  for (const { queryKey, state } of client.getQueryCache().getAll()) {
    const [kind, owner, id] = queryKey as readonly string[]
    if (kind !== 'task' || owner !== keyHash || id === undefined) continue
    unknown.delete(id)
    const record = (state.data as TaskRecord | undefined) ?? EMPTY_RECORD
    // Recently finished tasks are input for the forecast; rejected ones are not checked again.
    const recent = record.seenAt !== null && now() - record.seenAt < HOUR
    const isFetching = state.fetchStatus === 'fetching'
    if (isFetching || (!isRefused(record) && (recent || followed.has(id))))
      tasks.push(watchedTask(id, record, isFetching))
  }
  for (const id of unknown) tasks.push(watchedTask(id, EMPTY_RECORD, false))
  return tasks
}

/**
 * The plan if the server sends the requests for all clients: no check before it may have a newer response,
 * but new tasks (`isNew`) at once, since cached responses cost nothing. It is known to do so once a response
 * was `heard`; until then, one check goes first. The wait after a failure is also the server's, if it gave
 * one; if the server itself is down, `held` applies. Pure.
 */
const withServerSchedule = (
  plan: ReadonlyMap<string, PlannedCheck>,
  freshness: ServerFreshness,
  isNew: (taskId: string) => boolean,
  held: number | null,
  now: number,
): ReadonlyMap<string, PlannedCheck> => {
  const next = new Map(plan)
  let soonest = now
  // Requests in flight come first in a plan.
  for (const [id, step] of plan) {
    const at = isNew(id) ? soonest : null
    if (at !== null && freshness.isEmpty()) soonest = now + MAX_RESPONSE_TIME
    if (step.kind === 'ask') {
      const until = freshness.until(id, now)
      const due = step.why === 'backoff' && until !== null ? Math.max(now, held ?? now) : step.at
      next.set(id, { ...step, at: at ?? Math.max(due, until ?? 0) })
    }
  }
  return next
}

/** Browsers open six connections per host (HTTP/1.1): two are left for files and the user's checks. */
export const MAX_AT_ONCE = 4

/**
 * Next requests of a plan with their times, as many as may be in flight in addition to the current ones;
 * each response leads to a new plan. Among those that are due, visible tasks go first. Pure.
 */
export function nextRequests(
  plan: ReadonlyMap<string, PlannedCheck>,
  followed: ReadonlyMap<string, TaskId>,
  isLookedAt: (taskId: TaskId) => boolean,
  now: number,
): Map<TaskId, number> {
  const wanted: { id: TaskId; at: number; isFirst: boolean }[] = []
  let free = MAX_AT_ONCE
  for (const [text, next] of plan) {
    if (next.kind === 'waiting') free--
    const id = followed.get(text)
    if (id === undefined || next.kind !== 'ask') continue
    wanted.push({ id, at: next.at, isFirst: next.at <= now && isLookedAt(id) })
  }
  wanted.sort((a, b) => Number(b.isFirst) - Number(a.isFirst) || a.at - b.at)
  return new Map(wanted.slice(0, Math.max(0, free)).map(({ id, at }) => [id, at]))
}

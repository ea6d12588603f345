import { type QueryClient, QueryObserver } from '@tanstack/react-query'
import type { Balance } from '../../core/api/balance.ts'
import type { RecordedResponse } from '../../core/api/recording.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { applyResponse } from '../../core/quota/quota.ts'
import { recordResponse } from '../../core/record/record-response.ts'
import {
  EMPTY_RECORD,
  isAwaited,
  isKnown,
  type Start,
  type TaskRecord,
  withStart,
} from '../../core/record/task-record.ts'
import type { PlannedCheck } from '../../core/schedule/schedule.ts'
import { getTaskStatus } from '../api/client.ts'
import { atOnce } from '../lib/at-once.ts'
import { now } from '../lib/clock.ts'
import { coalesced } from '../lib/coalesced.ts'
import { loadLater } from '../lib/load-later.ts'
import { type ApiKey, hashKey } from '../session/api-key.ts'
import { createFollowedTasks } from './followed-tasks.ts'
import { electLeader, type Role } from './leader-election.ts'
import { MAX_AT_ONCE, nextRequests, planChecks } from './planned-checks.ts'
import { NO_STORE, type RecordStore, readRecord, type Step, withStored } from './record-store.ts'
import { recordedResponse, responseLog } from './response-log.ts'
import { serverFreshness } from './server-freshness.ts'
import { acquireOne, hurryWhenBack, type Shared, sharedState } from './shared-state.ts'
import { createTabSync } from './tab-sync.ts'
import {
  keepTasks,
  polledTaskQuery,
  type StatusSource,
  taskKey,
  taskQuery,
} from './task-queries.ts'
import type { OwnUpload } from './task-source.ts'

const loadBalance = loadLater(() => import('./balance.ts'))
const saveBalance = async (...args: [ApiKey, Balance, number]) =>
  (await loadBalance())?.keepBalance(...args)

/** Sends all status requests of one key in this tab. Combines scheduler, quota, tabs and React Query. */
export interface Poller extends StatusSource {
  /** Registers a task that this tab started: it is stored and sent to other tabs before the first check. */
  readonly started: (taskId: TaskId, start: Start) => void
  /** Keeps the image and the settings that this tab started the task with. */
  readonly keepUpload: (taskId: TaskId, upload: OwnUpload) => void
  /** Checks tasks until they are settled or nothing follows them any more. Returns a function to stop. */
  readonly follow: (taskIds: readonly TaskId[]) => () => void
  /** The same for a visible task: a record restored from an earlier visit is refreshed at once, unless paused. */
  readonly open: (taskId: TaskId) => () => void
  /** Restores stored records of tasks that were not checked in this visit. */
  readonly restore: (records: Iterable<readonly [TaskId, TaskRecord]>) => void
  /** Checks once at the user's request if the quota allows; the leader tab sends it. */
  readonly checkNow: (taskId: TaskId) => void
  /** The same, sent by this tab. Resolves with the record after that, which may be unchanged. */
  readonly refetch: (taskId: TaskId) => Promise<TaskRecord>
  /** This tab's record of a task. */
  readonly recordOf: (taskId: TaskId) => TaskRecord
  readonly state: () => PollerState
  /**
   * Unmodified outcomes of this tab's requests for a task, oldest first, for recordings (recording.ts
   * cleans them). Kept in store for the lifetime of this poller.
   */
  readonly responsesOf: (taskId: TaskId) => readonly RecordedResponse[]
  readonly subscribe: (listener: () => void) => () => void
  readonly setPaused: (paused: boolean) => void
  /** Requests per hour; null for no limit. */
  readonly setLimit: (limit: number | null) => void
  readonly close: () => void
}

/** A new object after each change, and only then. */
export interface PollerState extends Shared {
  readonly role: Role
  /** Next check of each followed task, or why there is none. */
  readonly plan: ReadonlyMap<string, PlannedCheck>
}

const MAX_TIMER = 2_147_483_647 // the longest setInterval (HTML standard: a signed 32-bit integer)
const IMMEDIATELY = 1 // React Query treats an interval of 0 as none

export function createPoller(
  client: QueryClient,
  key: ApiKey,
  store: RecordStore = NO_STORE,
): Poller {
  const keyHash = hashKey(key)
  const shared = sharedState(keyHash)
  const log = responseLog()
  keepTasks(client, keyHash)
  const listeners = new Set<() => void>()
  const follows = createFollowedTasks()
  /** The automatic checks that this tab sends next, and when. */
  let due = new Map<TaskId, number>()
  const polled = new Map<TaskId, { observer: ReturnType<typeof observe>; stop: () => void }>()
  /** Queue of the user's checks, which do not wait for automatic ones. */
  const userChecks = atOnce(MAX_AT_ONCE)
  let current: PollerState | null = null
  let closed = false
  const freshness = serverFreshness()
  /** Responses that came before the stored record of their task, in order. */
  const early = new Map<TaskId, Step[]>()

  const isVisible = () => document.visibilityState === 'visible'
  const recordOf = (taskId: string) =>
    client.getQueryData<TaskRecord>(taskKey(keyHash, taskId)) ?? EMPTY_RECORD
  const show = (taskId: string, record: TaskRecord) =>
    client.setQueryData(taskKey(keyHash, taskId), record)

  const changed = coalesced(replan)
  const election = electLeader({
    keyHash,
    onRole: changed,
    onMessage: (data) => tabSync.receive(data),
    onAlive: () => tabSync.greet(),
    onReturn: () => {
      tabSync.reset()
      findLeader()
    },
  })

  /** Makes one plan for all changes since the last. */
  function replan(): void {
    if (closed) return
    tabSync.settle()
    const followed = follows.all()
    current = stateNow(followed)
    tabSync.announce(current.plan)
    poll(current, followed)
    for (const listener of listeners) listener()
  }

  function state(): PollerState {
    current ??= stateNow(follows.all())
    return current
  }

  function stateNow(followed: ReadonlyMap<string, TaskId>): PollerState {
    const role = election.role()
    if (role === 'follower') return { ...shared.get(), role, plan: tabSync.plan() }
    const plan = planChecks({
      client,
      keyHash,
      freshness,
      followed,
      shared: shared.get(),
      visible: isVisible(),
    })
    return { ...shared.get(), role, plan }
  }

  function observe(taskId: TaskId) {
    return new QueryObserver(client, polledTaskQuery(source, taskId))
  }

  /** Keeps one timer for each task that is next while this tab sends requests, and none otherwise. */
  function poll({ plan, paused, role }: PollerState, followed: ReadonlyMap<string, TaskId>): void {
    const before = due
    due =
      paused || role === 'follower'
        ? new Map()
        : nextRequests(plan, followed, follows.isLookedAt, now())
    for (const [taskId, { stop }] of polled) {
      if (due.has(taskId)) continue
      stop()
      polled.delete(taskId)
    }
    for (const [taskId, at] of due) {
      const known = polled.get(taskId)
      if (known === undefined) {
        const observer = observe(taskId)
        polled.set(taskId, { observer, stop: observer.subscribe(() => {}) })
      } else if (before.get(taskId) !== at) {
        known.observer.setOptions(polledTaskQuery(source, taskId))
      }
    }
  }

  /** From the last plan: React Query reads it on each change of a task, while one plan covers many changes. */
  function dueIn(taskId: TaskId): number | false {
    const at = due.get(taskId)
    return at === undefined ? false : Math.min(MAX_TIMER, Math.max(IMMEDIATELY, at - now()))
  }

  /**
   * Sends one request, if allowed: not while any tab has one in flight for this task, not if another tab
   * has just sent one, not beyond the quota. Otherwise the record stays unchanged.
   */
  function check(taskId: TaskId, force = false): Promise<TaskRecord> {
    // A new plan has to be made before the next check.
    due.delete(taskId)
    const expected = recordOf(taskId).requestCount
    return election.withLock(`task:${taskId}`, async () => {
      const sentAt = now()
      const before = recordOf(taskId)
      if (
        before.requestCount !== expected ||
        !acquireOne(shared, sentAt, force, before === EMPTY_RECORD)
      )
        return before
      // In parallel with the request, so that slow storage delays nothing.
      const stored = before === EMPTY_RECORD ? readRecord(store, taskId) : null
      // The server does not know that the task was just started, and would cache a first rejection.
      const response = await getTaskStatus(key, taskId, force || isAwaited(before))
      const { serverCache, result } = response
      const receivedAt = now()
      shared.change((all) => ({
        ...all,
        quota: applyResponse(
          all.quota,
          response,
          { taskId, failures: before.failures, sentAt },
          receivedAt,
        ),
        serverManaged: serverCache !== null || (all.serverManaged && !result.ok),
      }))
      const isRepeated = freshness.note(taskId, serverCache, receivedAt)
      if (isRepeated && !recordOf(taskId).restored) return recordOf(taskId)
      // The server may have received it long before this tab did.
      const answeredAt = receivedAt - (serverCache?.age ?? 0)
      const requestedAt = Math.min(sentAt, answeredAt)
      if (response.balance !== null) void saveBalance(key, response.balance, answeredAt)
      log.add(taskId, recordedResponse(response, requestedAt, answeredAt))
      const recordAfter = (known: TaskRecord) =>
        recordResponse(known, response, requestedAt, answeredAt)
      const keep = (record: TaskRecord) => {
        if (isAwaited(record)) freshness.forget(taskId)
        election.post({ type: 'record', id: taskId, record })
        store.saveRecord(taskId, record, before.seenAt === null)
      }
      if (stored === null) early.get(taskId)?.push(recordAfter)
      else early.set(taskId, [recordAfter])
      const known = recordOf(taskId)
      const after = recordAfter(known === EMPTY_RECORD ? (stored?.now() ?? EMPTY_RECORD) : known)
      keep(after)
      // The response is shown first, since reading from storage may never finish.
      void stored?.later.then((known) => {
        const responses = early.get(taskId) ?? []
        early.delete(taskId)
        const full = known && withStored(known, recordOf(taskId), responses, requestedAt)
        if (full === null) return
        show(taskId, full)
        keep(full)
      })
      return after
    })
  }

  function started(taskId: TaskId, start: Start): void {
    const before = recordOf(taskId)
    const record = withStart(before, start)
    if (record === before) return
    show(taskId, record)
    election.post({ type: 'record', id: taskId, record })
    store.saveRecord(taskId, record, true)
  }

  /** Joins a request in flight instead of cancelling it: it may already have had its effect. */
  const fetchQuery = (taskId: TaskId, force: boolean): Promise<TaskRecord> =>
    client
      .fetchQuery({
        ...taskQuery(source, taskId),
        queryFn: () => check(taskId, force),
        staleTime: 0,
      })
      .catch(() => recordOf(taskId))

  const refetch = (taskId: TaskId): Promise<TaskRecord> =>
    userChecks(async () => (closed ? recordOf(taskId) : fetchQuery(taskId, true)))

  function checkNow(taskId: TaskId): void {
    if (election.role() === 'follower') tabSync.requestCheck(taskId)
    else void refetch(taskId)
  }

  function follow(taskIds: readonly TaskId[], isLookedAt = false): () => void {
    const stop = follows.add(taskIds, isLookedAt)
    tabSync.followsChanged()
    return () => {
      stop()
      tabSync.followsChanged()
    }
  }

  function findLeader(): void {
    if (isVisible()) election.requestLeadership()
    tabSync.greet()
  }

  const tabSync = createTabSync({
    tabs: election,
    shared,
    follows,
    isVisible,
    recordOf,
    onRecord: show,
    onChange: changed,
    findLeader,
    refetch,
  })
  const source: StatusSource = { keyHash, check, dueIn }
  const stops = [
    shared.subscribe(changed),
    hurryWhenBack(shared),
    tabSync.close,
    client.getQueryCache().subscribe(({ type, query }) => {
      if (type === 'updated' && query.queryKey[1] === keyHash) changed()
    }),
  ]
  document.addEventListener('visibilitychange', findLeader)
  findLeader()

  return {
    ...source,
    state,
    responsesOf: log.of,
    started,
    keepUpload: store.keepUpload,
    follow: (taskIds) => follow(taskIds),
    open(taskId) {
      const stop = follow([taskId], true)
      if (recordOf(taskId).restored && !shared.get().paused) void fetchQuery(taskId, false)
      return stop
    },
    restore(records) {
      // A visible task gets its stored record with its first response; before, its page shows it.
      for (const [id, record] of records)
        if (isKnown(record) && recordOf(id) === EMPTY_RECORD && !follows.isLookedAt(id))
          show(id, record)
    },
    checkNow,
    refetch,
    recordOf,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setPaused: (paused) => shared.change((all) => ({ ...all, paused })),
    setLimit: (limit) =>
      shared.change((all) => ({ ...all, quota: { ...all.quota, limit, ceiling: null } })),
    close() {
      closed = true
      for (const { stop } of polled.values()) stop()
      for (const stop of stops) stop()
      document.removeEventListener('visibilitychange', findLeader)
      election.close()
    },
  }
}

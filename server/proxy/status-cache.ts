import { type ApiResponse, noResponse, parseResponse } from '../../core/api/parse-response.ts'
import { createSecretRedactor } from '../../core/api/redact-secrets.ts'
import { isTerminal } from '../../core/api/task.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { HOUR, MINUTE } from '../../core/lib/units.ts'
import { downUntil } from '../../core/quota/outage.ts'
import { acquire, applyResponse, fullQuota, prune, type Quota } from '../../core/quota/quota.ts'
import { recordResponse } from '../../core/record/record-response.ts'
import {
  credible,
  EMPTY_RECORD,
  isRefused,
  isSettled,
  type TaskRecord,
  watchedTask,
} from '../../core/record/task-record.ts'
import { type PlannedCheck, plan } from '../../core/schedule/schedule.ts'
import {
  type CachedResponse,
  type CachedStatus,
  EMPTY_STATUS,
  firstExpiry,
  responseFor,
  sizeInBytes,
  type TaskStore,
} from './cached-status.ts'
import type { KeyState } from './key-store.ts'

/*
 * Shared status requests: all clients of a task share its requests, and all tasks of a key share its
 * quota. Uses only web standards, and holds no timer and no key.
 */

export interface StatusRequest {
  readonly key: string
  readonly taskId: TaskId
  /** Origin under which the client reached this server. */
  readonly origin: string
  /** ID of the client's request; null where requests have none. */
  readonly requestId: string | null
}

/**
 * When to send a new request. due: when the schedule has one. stale: also when the last response is
 * no longer fresh (`freshUntil`). now: at once, because a person wants it. Always within the quota.
 */
export type Freshness = 'due' | 'stale' | 'now'

export interface StatusResult {
  readonly record: TaskRecord
  /** Time of the next useful request (epoch ms); null: none is expected to bring news. */
  readonly nextAt: number | null
  /** The last response, or the last that described the task if still valid; null before the first. */
  readonly response: CachedResponse | null
  /** Until when clients get `response` from the cache (epoch ms); null: as long as it is stored. */
  readonly freshUntil: number | null
  /** A request was due, but the API is down, so `response` is the last response for any task. */
  readonly isDown: boolean
  readonly quota: Quota
}

/** All status requests of one key. */
export interface StatusCache {
  /** The task's status: from the request in progress, from a new one, else from memory. Never rejects. */
  readonly getStatus: (request: StatusRequest, freshness?: Freshness) => Promise<StatusResult>
  /** Whether a request is in progress. */
  readonly hasInFlight: () => boolean
  /** Whether the API has ever accepted the key. */
  readonly keyAccepted: () => boolean
  /** Whether the quota is entirely unused and not blocked. */
  readonly quotaUnused: () => boolean
  /** Evicts a task, preferring those no response described; false if none can be evicted. */
  readonly evictOne: () => boolean
}

export interface StatusCacheOptions {
  /** Sends the request, once. */
  readonly send: (request: StatusRequest) => Promise<Response>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Maximum number of stored tasks. */
  readonly maxTasks?: number
  /** Quota of a new key. Its limit is the maximum. */
  readonly quota?: Quota
  /** Last state from an earlier cache of this key. */
  readonly stored?: KeyState | null
  /** Called after each quota change, except for keys that the API rejects: those may be made up. */
  readonly onChange?: (state: KeyState) => void
  /** Storage that outlives this cache. */
  readonly store?: TaskStore
  /** Called with the approximate growth of the stored data in bytes. */
  readonly onGrowth?: (bytes: number) => void
}

/** More than a person can page through in an hour, in little memory. */
const MAX_TASKS = 500

/** A client that still watches has returned by then: see MAX_WAIT of the share route. */
const WATCHED_FOR = 1.5 * MINUTE

/** Maximum age of a plan, even if nothing happened: by then some clients have left. */
const PLAN_MAX_AGE = MINUTE

/** A rejected request would be rejected again, but not forever: a key or a proxy can be fixed. */
const REJECTED_FOR = HOUR

/** Minimum interval between requests for a task that was rejected, has expired or lacks files. */
const RETRY_AFTER = 5 * MINUTE

/** Minimum interval between forced requests; equals the schedule's minimum. */
const MIN_FORCED_INTERVAL = 800

interface Planned {
  readonly at: number
  readonly next: ReadonlyMap<string, PlannedCheck>
}

export function createStatusCache({
  send,
  now,
  maxTasks = MAX_TASKS,
  quota: initialQuota = fullQuota(),
  stored = null,
  onChange = () => undefined,
  store,
  onGrowth = () => undefined,
}: StatusCacheOptions): StatusCache {
  /** Least recently requested first. */
  const tasks = new Map<TaskId, CachedStatus>()
  const flights = new Map<TaskId, Promise<void>>()
  let quota = stored === null ? initialQuota : { ...stored.quota, limit: initialQuota.limit }
  let accepted = stored?.accepted ?? false
  let isStored = stored !== null
  /** The request that finds out whether the API is back. */
  let probe: Promise<unknown> | null = null
  /** Result of the last request while the API is down. */
  let downResponse: CachedResponse | null = null
  /** Valid until something happens (schedule.ts), so that a thousand readers cost one plan. */
  let planned: Planned | null = null

  /** Symmetric, so that times in the future, after the clock was set back, expire as well. */
  const isWithin = (ms: number, at: number): boolean => Math.abs(now() - at) < ms

  const recordOf = (taskId: TaskId): TaskRecord => tasks.get(taskId)?.record ?? EMPTY_RECORD

  function setQuota(next: Quota): void {
    quota = next
    if (isStored) onChange({ quota, accepted })
  }

  const blockedUntil = (): number | null => downUntil(prune(quota, now()).outage)

  function nextAt(taskId: TaskId): number | null {
    const due = dueAt(taskId)
    return due === null ? null : Math.max(due, blockedUntil() ?? due)
  }

  /** Time of the next request if the API is up. */
  function dueAt(taskId: TaskId): number | null {
    const record = recordOf(taskId)
    if (record.failure && isRefused(record)) {
      return isWithin(REJECTED_FOR, record.failure.at) ? null : now()
    }
    if (planned === null || !isWithin(PLAN_MAX_AGE, planned.at) || !planned.next.has(taskId)) {
      planned = planAll()
    }
    const next = planned.next.get(taskId)
    return next?.kind === 'ask' ? next.at : null
  }

  function freshUntil(taskId: TaskId, next = nextAt(taskId)): number | null {
    const record = recordOf(taskId)
    const { requestedAt } = record
    if (next !== null || requestedAt === null) return next
    if (requestedAt > now() && !isWithin(RETRY_AFTER, requestedAt)) return now()
    if (isRefused(record) || !isSettled(record)) return requestedAt + RETRY_AFTER
    const expiry = firstExpiry(record)
    return expiry && Math.max(expiry, requestedAt + RETRY_AFTER)
  }

  function shouldFetch(taskId: TaskId, freshness: Freshness): boolean {
    const { requestedAt } = recordOf(taskId)
    if (freshness === 'now')
      return requestedAt === null || !isWithin(MIN_FORCED_INTERVAL, requestedAt)
    const due = dueAt(taskId)
    const at = freshness === 'due' ? due : freshUntil(taskId, due)
    return at !== null && at <= now()
  }

  function planAll(): Planned {
    const at = now()
    const watched = [...tasks].flatMap(([id, { record, requestedAt }]) => {
      const { task, seenAt } = record
      // Recently finished tasks help to predict the others; rejected tasks are not requested again.
      const ended = task !== null && isTerminal(task) && at - (seenAt ?? 0) < HOUR
      const counts = (ended || at - requestedAt < WATCHED_FOR) && !isRefused(record)
      return counts ? [watchedTask(id, record, flights.has(id))] : []
    })
    const { outage } = prune(quota, at)
    const whileDown = outage && blockedUntil() !== null ? { ...outage, over: at } : outage
    const next = plan({
      now: at,
      visible: true,
      tasks: watched,
      quota: { ...quota, outage: whileDown },
    })
    return { at, next }
  }

  function put(taskId: TaskId, next: CachedStatus): void {
    const before = tasks.get(taskId)
    tasks.set(taskId, next)
    onGrowth(sizeInBytes(next) - (before === undefined ? 0 : sizeInBytes(before)))
  }

  /** Marks the task as most recently requested, and evicts another one if necessary. */
  function touch(taskId: TaskId): void {
    const cached = tasks.get(taskId)
    if (cached === undefined) {
      // A key without stored state has no stored tasks.
      const earlier = (isStored ? store?.get(taskId) : null) ?? EMPTY_STATUS
      accepted ||= earlier.lastSuccess !== null
      planned = null
      put(taskId, { ...earlier, requestedAt: now() })
      if (tasks.size > maxTasks) evictOne(taskId)
      return
    }
    tasks.delete(taskId)
    tasks.set(taskId, { ...cached, requestedAt: now() })
  }

  /** Made-up IDs displace no task that exists. */
  function evictOne(except?: TaskId): boolean {
    let least: TaskId | null = null
    for (const [id, { lastSuccess }] of tasks) {
      if (id === except || flights.has(id)) continue
      least ??= id
      if (lastSuccess !== null) continue
      least = id
      break
    }
    const evicted = least === null ? undefined : tasks.get(least)
    if (least === null || evicted === undefined) return false
    tasks.delete(least)
    onGrowth(-sizeInBytes(evicted))
    return true
  }

  async function fetchStatus(request: StatusRequest, sentAt: number): Promise<void> {
    const { taskId } = request
    const [response, lastResponse] = await sendAndParse(request)
    const receivedAt = now()
    const { result } = response
    accepted ||= result.ok || result.error.kind === 'missing' || result.error.kind === 'credits'
    isStored ||= result.ok || result.error.kind !== 'key'
    const before = tasks.get(taskId) ?? { ...EMPTY_STATUS, requestedAt: sentAt }
    const sent = { taskId, failures: before.record.failures, sentAt }
    setQuota(applyResponse(quota, response, sent, receivedAt, initialQuota.limit))
    downResponse = blockedUntil() === null ? null : lastResponse
    const after = {
      ...before,
      record: recordResponse(before.record, response, sentAt, receivedAt),
      lastResponse,
      lastSuccess: result.ok ? lastResponse : before.lastSuccess,
    }
    put(taskId, after)
    if (isStored) store?.set(taskId, after)
  }

  /** Makes the other tasks' requests wait for this one. */
  function waitFor(flight: Promise<void>): void {
    const own = flight
      .catch(() => undefined)
      .finally(() => {
        if (probe === own) probe = null
      })
    probe = own
  }

  async function sendAndParse(
    request: StatusRequest,
  ): Promise<[ApiResponse, CachedResponse | null]> {
    try {
      const response = await send(request)
      const { status, headers } = response
      // The stored response is shared, and an API may repeat the key, for example in a link.
      const body = createSecretRedactor(request.key)(await response.text())
      const at = now()
      const made = Date.parse(headers.get('date') ?? '')
      // RFC 9110, 6.6.1; an implausible date is not passed on.
      const date = new Date(Number.isNaN(made) ? at : at + credible(made - at)).toUTCString()
      const cached = { status, contentType: headers.get('content-type'), date, body, at }
      return [parseResponse(status, headers, body, request.key, at), cached]
    } catch {
      // The back-off must apply to any error.
      return [noResponse('network'), null]
    }
  }

  return {
    async getStatus(request, freshness = 'due') {
      const { taskId } = request
      touch(taskId)
      if (
        probe !== null &&
        freshness !== 'now' &&
        !flights.has(taskId) &&
        shouldFetch(taskId, freshness)
      ) {
        await probe
        touch(taskId)
      }
      let flight = flights.get(taskId)
      let wait = 0
      if (flight === undefined && shouldFetch(taskId, freshness)) {
        const at = now()
        const [taken, ms] = acquire(quota, at, freshness === 'now')
        wait = ms
        if (wait === 0) {
          setQuota(taken)
          flight = fetchStatus(request, at).finally(() => {
            flights.delete(taskId)
            planned = null
          })
          flights.set(taskId, flight)
          planned = null
          if (blockedUntil() !== null) waitFor(flight)
        }
      }
      const joined = flight !== undefined
      await flight
      const cached = tasks.get(taskId) ?? EMPTY_STATUS
      const until = wait > 0 ? now() + wait : null
      const isDown = wait > 0 && blockedUntil() !== null
      return {
        record: cached.record,
        response: (isDown ? downResponse : null) ?? responseFor(cached, joined),
        isDown,
        quota,
        nextAt: until ?? nextAt(taskId),
        freshUntil: until ?? freshUntil(taskId),
      }
    },
    hasInFlight: () => flights.size > 0,
    keyAccepted: () => accepted,
    quotaUnused() {
      const { sent, refusal, ceiling, stated } = prune(quota, now())
      const logs = [sent, ...(stated?.beside ?? []).map((one) => one.sent)]
      return logs.flat().length === 0 && refusal === null && ceiling === null
    },
    evictOne: () => evictOne(),
  }
}

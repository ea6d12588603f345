import { HOUR } from '../lib/units.ts'
import { downUntil, MAX_RESPONSE_TIME, type Outage } from '../quota/outage.ts'
import { capacity, prune, type Quota } from '../quota/quota.ts'
import { costOf, forecast } from './cost.ts'
import { dueIn, foresee, nodesUpTo } from './expectation.ts'
import type { History, Observation } from './hazard.ts'

export type { History, Observation, Phase } from './hazard.ts'

/** All times are epoch milliseconds. */
export interface WatchedTask extends History {
  readonly id: string
  /** A request is in flight. */
  readonly inFlight: boolean
  /** When the last request was sent; null: never. */
  readonly requestedAt: number | null
  /** The last request's failure; null: it succeeded. */
  readonly failure: Failure | null
  /** The end, once a response showed it; null until then. */
  readonly ended: Ending | null
}

export interface Failure {
  readonly at: number
  /**
   * Failed requests since the last success, 1 or more. A 429 does not count (see `onRateLimited`), nor
   * does an unsent request (see outage.ts).
   */
  readonly inARow: number
  /** Sent without a response, so the server may have acted on it. */
  readonly ambiguous: boolean
  /** Retry time that the server gave, if any. */
  readonly until?: number
}

export interface Ending {
  /** When the last response came. */
  readonly at: number
  /** No further change is expected: the task failed, or its credits are known to be deducted. */
  readonly settled: boolean
  /** Requests sent since the first response that showed the end. */
  readonly checks: number
}

export interface Situation {
  readonly now: number
  /** Whether the page is visible. */
  readonly visible: boolean
  /** Finished tasks stay in the list for an hour, because recent tasks predict the next ones. */
  readonly tasks: readonly WatchedTask[]
  readonly quota: Quota
}

/** Next step for a task. `at` is never before now; now itself means immediately. */
export type PlannedCheck =
  | { readonly kind: 'ask'; readonly at: number; readonly why: CheckReason }
  | { readonly kind: 'waiting'; readonly why: 'in-flight' }
  | { readonly kind: 'never'; readonly why: 'settled' | 'unconfirmed' | 'no-allowance' }

/** Why not earlier: 'due' is the policy's choice, 'allowance' the quota's. */
export type CheckReason = 'due' | 'backoff' | 'confirming' | 'allowance'

/** No task finishes sooner than this after its start, in ms. */
const FIRST_CHECK = 1_500
const BETWEEN_CHECKS = 800
const MAX_BACKOFF = 60_000
/** Longest Retry-After that is respected. */
const MAX_RETRY_AFTER = HOUR
/** Wait in ms after a lost response: the server may still be deducting credits for that request. */
const AFTER_LOST_RESPONSE = 20_000
/** Waits before each request that confirms the deduction (ms); after the last there are no more. */
const CHECKS = [5_000, 20_000, 60_000]
/** After an outage all tasks are checked at once if they need at most this part of the quota. */
const CATCH_UP = 0.5
/** Price factor for tasks that are not visible or whose status is unknown. */
const RELUCTANCE = 30

/**
 * Schedules the next check of each task.
 *
 * The plan depends on events, not on when it is read: between two events it stays the same, except
 * that a time that has passed becomes now.
 */
export function plan(situation: Situation): ReadonlyMap<string, PlannedCheck> {
  const { now, visible, tasks, quota } = situation
  const asOf = latestEvent(situation)
  const nodes = nodesUpTo(HOUR)
  const foresights = tasks.map((task) => (task.ended ? null : foresee(task, asOf, nodes)))
  const price = costOf(foresights, nodes, capacity(quota, asOf), asOf, forecast(tasks, asOf))

  const { outage } = prune(quota, now)
  const missed = tasks.filter((task) => isMissed(task, outage)).length
  const catchesUp = missed <= capacity(quota, asOf).by(asOf) * CATCH_UP

  const next = new Map<string, PlannedCheck>()
  const wanted: { id: string; at: number; why: CheckReason }[] = []
  for (const [index, task] of tasks.entries()) {
    const foresight = foresights[index]
    const reluctant = !visible || newest(task)?.phase === 'unknown'
    const wait = foresight ? 1000 * dueIn(foresight, reluctant ? price * RELUCTANCE : price) : 0
    const due = catchesUp && isMissed(task, outage) ? (outage?.over ?? now) : asOf + wait
    const check = unlimitedCheck(task, now, due, outage)
    if (check.kind === 'ask') wanted.push({ id: task.id, ...check })
    else next.set(task.id, check)
  }
  // The task that is due first gets the first request that the quota allows, and so on.
  wanted.sort((a, b) => a.at - b.at)
  const { after } = capacity(quota, now)
  let held = downUntil(outage)
  const planned: number[] = []
  for (const { id, at, why } of wanted) {
    const opens = after(planned)
    const ideal = Math.max(now, at)
    const soonest = Math.max(ideal, held ?? now)
    const sent = Math.max(soonest, opens)
    planned.push(sent)
    if (opens === Number.POSITIVE_INFINITY) next.set(id, { kind: 'never', why: 'no-allowance' })
    else if (opens > soonest) next.set(id, { kind: 'ask', at: opens, why: 'allowance' })
    else next.set(id, { kind: 'ask', at: soonest, why: soonest > ideal ? 'backoff' : why })
    // While the host is down one request is sent, and the next only once that has failed.
    if (held !== null) held = sent + MAX_RESPONSE_TIME
  }
  return next
}

/** The task's check without the quota's limits, possibly overdue; `due` is the policy's choice. */
function unlimitedCheck(
  task: WatchedTask,
  now: number,
  due: number,
  outage: Outage | null,
): PlannedCheck {
  const { inFlight, ended, failure } = task
  if (inFlight) return { kind: 'waiting', why: 'in-flight' }
  if (ended?.settled) return { kind: 'never', why: 'settled' }
  const check = CHECKS[ended?.checks ?? 0]
  if (check === undefined) return { kind: 'never', why: 'unconfirmed' }
  const at = ended ? past(ended.at, now) + check : dueAt(task, now, due)
  const retry = failure ? past(failure.at, now) + backoff(failure, outage) : at
  if (retry > at) return { kind: 'ask', at: retry, why: 'backoff' }
  return { kind: 'ask', at: Math.max(0, at), why: ended ? 'confirming' : 'due' }
}

function dueAt(task: WatchedTask, now: number, due: number): number {
  // A task without any response is checked at once, as is one whose times are now in the future.
  const knownAt = past(newest(task)?.at ?? task.startedAt, now)
  if (knownAt === Number.NEGATIVE_INFINITY) return knownAt
  const started = past(task.startedAt, now)
  const requested = past(task.requestedAt, now)
  return Math.max(due, started + FIRST_CHECK, requested + BETWEEN_CHECKS)
}

/** Whether its last response is from before the outage. */
const isMissed = (task: WatchedTask, outage: Outage | null): boolean =>
  outage !== null &&
  outage.over !== null &&
  task.ended === null &&
  (task.startedAt ?? 0) < outage.over &&
  (newest(task)?.at ?? 0) < outage.since

function backoff({ at, inARow, ambiguous, until }: Failure, outage: Outage | null): number {
  const isExplained =
    outage !== null && outage.over !== null && at >= outage.since && at <= outage.over
  const retryAfter = Math.min(MAX_RETRY_AFTER, (until ?? at) - at)
  const usual = Math.max(retryAfter, Math.min(MAX_BACKOFF, 1000 * 2 ** inARow))
  const doubled = isExplained ? 0 : usual
  return ambiguous ? Math.max(doubled, AFTER_LOST_RESPONSE) : doubled
}

/** Time of the last event; now if there was none. */
function latestEvent({ now, tasks, quota }: Situation): number {
  let latest = Math.max(
    past(quota.sent[quota.sent.length - 1] ?? null, now),
    past(quota.refusal?.at ?? null, now),
  )
  for (const task of tasks) {
    const { startedAt, requestedAt, failure, ended } = task
    for (const at of [startedAt, requestedAt, newest(task)?.at, failure?.at, ended?.at])
      latest = Math.max(latest, past(at ?? null, now))
  }
  return Number.isFinite(latest) ? latest : now
}

/** `at` if it is in the past; minus infinity if not, as after the clock was moved back. */
function past(at: number | null, now: number): number {
  return at !== null && at <= now ? at : Number.NEGATIVE_INFINITY
}

function newest({ seen }: History): Observation | undefined {
  return seen[seen.length - 1]
}

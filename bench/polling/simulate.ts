import type { ApiError } from '../../core/api/errors.ts'
import type { ParsedResponse } from '../../core/api/parse-response.ts'
import { readRateLimit, readWait } from '../../core/api/rate-limit.ts'
import { parseRecordedResponse } from '../../core/api/replay.ts'
import { SAMPLES } from '../../core/api/samples.ts'
import { HOUR } from '../../core/lib/units.ts'
import { acquire, applyResponse, fullQuota, type Quota } from '../../core/quota/quota.ts'
import type {
  Observation,
  PlannedCheck,
  Situation,
  WatchedTask,
} from '../../core/schedule/schedule.ts'
import { type LimiterOptions, limiter } from './limiter.ts'
import { type Random, seeded } from './random.ts'
import { type ReportedLimits, reportedLimits, type Verdict } from './reported-limits.ts'
import type { Job } from './world.ts'

/** A policy that decides when to send requests: ours or a peer's schedule. */
export interface Contestant {
  readonly name: string
  readonly next: (situation: Situation) => ReadonlyMap<string, PlannedCheck>
  /** Respects the quota; its tabs share it and elect one leader. */
  readonly coordinated: boolean
}

/** Parameters of a run, apart from the tasks and the contestant. */
export interface Conditions {
  readonly seed: number
  readonly server: LimiterOptions | ReportedLimits
  /** Limit that the page assumes. */
  readonly assumed: number | null
  readonly tabs: number
  /** Visible for 3 minutes, hidden for 6, repeatedly. */
  readonly hides: boolean
  /** Share of responses that are errors. */
  readonly failing: number
  /** Requests per hour by another program with the same key. */
  readonly others: number
  /** Median round trip in ms; 0 for exact checks. */
  readonly roundTrip: number
  /** The page does not know when a task began: its ID was pasted immediately, or halfway through. */
  readonly pasted: 'no' | 'at once' | 'midway'
  /** Interval in which the API is down, in ms after the first task; null: never. */
  readonly outage: Outage | null
}

export interface Outage {
  readonly from: number
  readonly to: number
  /**
   * refused: connections fail, and nothing is counted. failing: each request is counted, and gets
   * a 503.
   */
  readonly how: 'refused' | 'failing'
}

/** Result for one task; `known` is null if the page never learned of the end. */
export interface Outcome {
  readonly job: Job
  readonly known: number | null
  /** Seconds of the delay during which the page was visible. */
  readonly felt: number
  readonly checks: number
  readonly seen: readonly Observation[]
  /**
   * Seconds from the end of the outage until the end of the task was known, if the task ended
   * before that unnoticed; else null.
   */
  readonly afterOutage: number | null
}

export interface Run {
  readonly outcomes: readonly Outcome[]
  readonly refusals: number
  readonly sent: readonly number[]
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
interface TrackedJob {
  readonly job: Job
  readonly task: Mutable<WatchedTask> & { seen: Observation[] }
  known: number | null
  checks: number
}

/** Nobody waits longer than this. */
const MAX_DELAY = 6 * HOUR
const VISIBLE = 180_000
const HIDDEN = 360_000

/** A successful response without rate-limit headers: it shows only that the host is up. */
const SUCCESS = parseRecordedResponse(SAMPLES.processing.reply(0, ''), 0)
const failed = (error: ApiError, unsent = false): ParsedResponse => ({
  ...SUCCESS,
  result: { ok: false, error },
  unsent,
})

/** Runs one world to its end on a virtual clock. */
export function simulate(
  contestant: Contestant,
  jobs: readonly Job[],
  conditions: Conditions,
): Run {
  // Separate from the generator that created the tasks.
  const random = seeded(-1 - conditions.seed)
  const admit = admission(conditions.server)
  const clock = eventQueue()
  const tabs = contestant.coordinated ? 1 : conditions.tabs
  const outcomes: Outcome[] = []
  const sent: number[] = []
  const knownAt = new Map<string, number>()
  let refusals = 0
  const epoch = Math.min(...jobs.map((job) => job.start))
  const last = Math.max(...jobs.map((job) => job.end)) + MAX_DELAY

  if (conditions.others > 0) {
    for (let at = epoch; at < last; at += random.exponential(HOUR / conditions.others))
      clock.at(at, () => void admit(at))
  }
  const pages = Array.from({ length: tabs }, () => page())

  while (knownAt.size < jobs.length) {
    const now = clock.step()
    if (now === null || now > last) break
  }
  for (const [index, job] of jobs.entries()) {
    const copies = pages.map((one) => one[index]).filter((one) => one !== undefined)
    const known = knownAt.get(job.id) ?? null
    const back = conditions.outage && epoch + conditions.outage.to
    const knownBy = known ?? last
    outcomes.push({
      job,
      known,
      felt: feltBetween(job.end, known ?? last),
      checks: copies.reduce((sum, one) => sum + one.checks, 0),
      seen: copies[0]?.task.seen ?? [],
      afterOutage:
        back !== null && job.end <= back && knownBy > back ? (knownBy - back) / 1000 : null,
    })
  }
  return { outcomes, refusals, sent }

  /** One page in one tab. */
  function page(): readonly TrackedJob[] {
    const tracked: TrackedJob[] = []
    let live: TrackedJob[] = []
    let quota: Quota = fullQuota(conditions.assumed)
    let wakeId = 0
    let leaderGoneUntil = 0

    for (const job of jobs) {
      const { pasted } = conditions
      const from = pasted === 'midway' ? random.between(job.start, job.end) : job.start
      clock.at(from, () => {
        const task = {
          id: job.id,
          startedAt: pasted === 'no' ? job.start : null,
          seen: [],
          inFlight: false,
          requestedAt: null,
          failure: null,
          ended: null,
        }
        const one = { job, task, known: null, checks: 0 }
        tracked.push(one)
        live.push(one)
        decide(from)
      })
    }
    if (conditions.hides)
      for (let at = epoch; at < last; at += VISIBLE + HIDDEN) {
        clock.at(at, () => decide(at))
        clock.at(at + VISIBLE, () => decide(at + VISIBLE))
      }
    // With several coordinated tabs, the leader is closed every ten minutes.
    if (contestant.coordinated && conditions.tabs > 1)
      for (let at = epoch + 600_000; at < last; at += 600_000)
        clock.at(at, () => {
          leaderGoneUntil = at + 3_000
          clock.at(leaderGoneUntil, () => decide(at + 3_000))
        })
    return tracked

    function decide(now: number): void {
      live = live.filter((one) => one.known === null || one.job.start > now - HOUR)
      if (now < leaderGoneUntil) return
      const tasks = live.map((one) => one.task)
      const next = contestant.next({ now, visible: visibleAt(now), tasks, quota })
      let wake = Number.POSITIVE_INFINITY
      for (const one of live) {
        const choice = next.get(one.task.id)
        if (choice?.kind !== 'ask') continue
        if (choice.at <= now) sendRequest(one, now)
        else wake = Math.min(wake, choice.at)
      }
      const ownId = ++wakeId
      if (Number.isFinite(wake)) {
        const firesAt = throttled(now, wake)
        clock.at(firesAt, () => ownId === wakeId && decide(firesAt))
      }
    }

    function sendRequest(one: TrackedJob, now: number): void {
      if (contestant.coordinated) {
        const [taken, wait] = acquire(quota, now)
        quota = taken
        if (wait > 0) throw new Error(`${contestant.name} overdrew the quota by ${wait} ms`)
      }
      sent.push(now)
      one.checks++
      one.task.inFlight = true
      one.task.requestedAt = now
      const trip = conditions.roundTrip && random.logNormal(conditions.roundTrip, 0.4)
      const arrives = now + trip / 2
      const returns = now + trip
      const fails = random.unit() < conditions.failing
      const failures = one.task.failure?.inARow ?? 0
      const down = downAt(arrives)
      clock.at(arrives, () => {
        const { refused, headers } =
          down === 'refused' ? { refused: null, headers: {} } : admit(arrives)
        const responseHeaders = new Headers(headers)
        const status = arrives >= one.job.end ? null : one.job.status(arrives)
        clock.at(returns, () => {
          one.task.inFlight = false
          const response = refused
            ? failed({
                kind: 'limited',
                until: refused.until ?? readWait(responseHeaders, null, returns),
                message: null,
              })
            : down === 'refused'
              ? failed({ kind: 'unreachable' }, true)
              : down === 'failing' || fails
                ? failed({ kind: 'upstream', status: 503, message: null, until: null })
                : SUCCESS
          const rateLimit = readRateLimit(responseHeaders, returns)
          const request = { taskId: one.job.id, failures, sentAt: now }
          quota = applyResponse(quota, { ...response, rateLimit }, request, returns)
          if (refused) refusals++
          else if (response.unsent) one.task.failure = null
          else if (response !== SUCCESS) {
            one.task.failure = { at: returns, inARow: failures + 1, ambiguous: false }
          } else {
            one.task.failure = null
            if (status) one.task.seen.push({ at: returns, ...status })
            else {
              one.known = returns
              one.task.ended = { at: returns, settled: true, checks: 0 }
              if (!knownAt.has(one.job.id)) knownAt.set(one.job.id, returns)
            }
          }
          decide(returns)
        })
      })
    }
  }

  function downAt(now: number): Outage['how'] | null {
    const { outage } = conditions
    return outage && now >= epoch + outage.from && now < epoch + outage.to ? outage.how : null
  }

  function visibleAt(now: number): boolean {
    return !conditions.hides || (now - epoch) % (VISIBLE + HIDDEN) < VISIBLE
  }

  /** Chrome runs timers of a hidden page once a second, and after five minutes once a minute. */
  function throttled(now: number, wake: number): number {
    if (visibleAt(wake) || visibleAt(now)) return wake
    const hiddenFor = ((wake - epoch) % (VISIBLE + HIDDEN)) - VISIBLE
    const unit = hiddenFor > 300_000 ? 60_000 : 1_000
    return Math.ceil(wake / unit) * unit
  }

  function feltBetween(from: number, to: number): number {
    if (!conditions.hides) return (to - from) / 1000
    const visibleUntil = (at: number) =>
      Math.floor(at / (VISIBLE + HIDDEN)) * VISIBLE + Math.min(VISIBLE, at % (VISIBLE + HIDDEN))
    return (visibleUntil(to - epoch) - visibleUntil(from - epoch)) / 1000
  }
}

function admission(server: LimiterOptions | ReportedLimits): (at: number) => Verdict {
  if ('limits' in server) return reportedLimits(server)
  const admit = limiter(server)
  return (at) => ({ refused: admit(at), headers: {} })
}

/** A virtual clock: a binary heap of events; equal times run in insertion order. */
function eventQueue() {
  const heap: { at: number; order: number; run: () => void }[] = []
  let entered = 0
  const before = (a: number, b: number) => {
    const left = heap[a]
    const right = heap[b]
    if (left === undefined || right === undefined) return left !== undefined
    return left.at < right.at || (left.at === right.at && left.order < right.order)
  }
  const swap = (a: number, b: number) => {
    const left = heap[a]
    const right = heap[b]
    if (left && right) {
      heap[a] = right
      heap[b] = left
    }
  }
  return {
    at(at: number, run: () => void) {
      heap.push({ at, order: entered++, run })
      let child = heap.length - 1
      while (child > 0 && before(child, (child - 1) >> 1)) {
        swap(child, (child - 1) >> 1)
        child = (child - 1) >> 1
      }
    },
    /** Runs the next event; returns its time, or null when none is left. */
    step(): number | null {
      const first = heap[0]
      const last = heap.pop()
      if (first === undefined || last === undefined) return null
      if (heap.length > 0) {
        heap[0] = last
        let parent = 0
        for (;;) {
          let least = parent
          if (before(2 * parent + 1, least)) least = 2 * parent + 1
          if (before(2 * parent + 2, least)) least = 2 * parent + 2
          if (least === parent) break
          swap(parent, least)
          parent = least
        }
      }
      first.run()
      return first.at
    },
  }
}

export type { Random }

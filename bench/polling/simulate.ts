import { HOUR } from '../../src/lib/units.ts'
import { type Allowance, conclude, fullAllowance, take } from '../../src/polling/budget.ts'
import type { Next, Observation, Situation, WatchedTask } from '../../src/polling/policy.ts'
import type { ApiError } from '../../src/upscayl/errors.ts'
import { readRateLimit, readWait } from '../../src/upscayl/rate-limit.ts'
import type { Understood } from '../../src/upscayl/read-answer.ts'
import { readReply } from '../../src/upscayl/read-reply.ts'
import { SAMPLES } from '../../src/upscayl/samples.ts'
import { type LimiterOptions, limiter } from './limiter.ts'
import { type Random, seeded } from './random.ts'
import { type ToldLimits, toldLimits, type Verdict } from './told-limits.ts'
import type { Job } from './world.ts'

/** Something that decides when to ask: our policy or a peer's schedule. */
export interface Contestant {
  readonly name: string
  readonly next: (situation: Situation) => ReadonlyMap<string, Next>
  /** Keeps to the allowance; tabs that do so share it and elect one asker. */
  readonly coordinated: boolean
}

/** Everything about a run but the tasks and who asks. */
export interface Conditions {
  readonly seed: number
  readonly server: LimiterOptions | ToldLimits
  /** What the page takes for the limit. */
  readonly assumed: number | null
  readonly tabs: number
  /** Looked at for 3 minutes, hidden for 6, again and again. */
  readonly hides: boolean
  /** Part of the answers that are errors. */
  readonly failing: number
  /** Questions an hour by another program with the same key. */
  readonly others: number
  /** Median round trip in ms; 0 for exact checks. */
  readonly roundTrip: number
  /** The page does not know when a task began: its id was pasted at once, or midway in its life. */
  readonly pasted: 'no' | 'at once' | 'midway'
  /** The API is down from one time to another, in ms after the first task; null: never. */
  readonly outage: Outage | null
}

export interface Outage {
  readonly from: number
  readonly to: number
  /** refused: nobody can connect, and nothing is counted. failing: each question is counted, and gets a 503. */
  readonly how: 'refused' | 'failing'
}

/** What became of one task; `known` is null if the page never learned of the end. */
export interface Outcome {
  readonly job: Job
  readonly known: number | null
  /** Seconds of the delay during which the page was looked at. */
  readonly felt: number
  readonly questions: number
  readonly seen: readonly Observation[]
  /** Seconds from the end of the outage until it was known, if it was over by then and not known; else null. */
  readonly afterOutage: number | null
}

export interface Run {
  readonly outcomes: readonly Outcome[]
  readonly refusals: number
  readonly sent: readonly number[]
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
interface Followed {
  readonly job: Job
  readonly task: Mutable<WatchedTask> & { seen: Observation[] }
  known: number | null
  questions: number
}

/** After this nobody waits any more. */
const PATIENCE = 6 * HOUR
const SEEN = 180_000
const HIDDEN = 360_000

/** What an answer tells of the allowance and the host: nothing, and that it is there. */
const ANSWERED = readReply(SAMPLES.processing.reply(0, ''), 0)
const failed = (error: ApiError, unsent = false): Understood => ({
  ...ANSWERED,
  result: { ok: false, error },
  unsent,
})

/** Runs one world to its end on a virtual clock. */
export function simulate(
  contestant: Contestant,
  jobs: readonly Job[],
  conditions: Conditions,
): Run {
  // Not the chance that drew the tasks.
  const random = seeded(-1 - conditions.seed)
  const admit = admission(conditions.server)
  const clock = eventQueue()
  const tabs = contestant.coordinated ? 1 : conditions.tabs
  const outcomes: Outcome[] = []
  const sent: number[] = []
  const knownAt = new Map<string, number>()
  let refusals = 0
  const dawn = Math.min(...jobs.map((job) => job.start))
  const last = Math.max(...jobs.map((job) => job.end)) + PATIENCE

  if (conditions.others > 0) {
    for (let at = dawn; at < last; at += random.exponential(HOUR / conditions.others))
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
    const back = conditions.outage && dawn + conditions.outage.to
    const knownBy = known ?? last
    outcomes.push({
      job,
      known,
      felt: feltBetween(job.end, known ?? last),
      questions: copies.reduce((sum, one) => sum + one.questions, 0),
      seen: copies[0]?.task.seen ?? [],
      afterOutage:
        back !== null && job.end <= back && knownBy > back ? (knownBy - back) / 1000 : null,
    })
  }
  return { outcomes, refusals, sent }

  /** One page in one tab. */
  function page(): readonly Followed[] {
    const followed: Followed[] = []
    let live: Followed[] = []
    let allowance: Allowance = fullAllowance(conditions.assumed)
    let wakeId = 0
    let askerGoneUntil = 0

    for (const job of jobs) {
      const { pasted } = conditions
      const from = pasted === 'midway' ? random.between(job.start, job.end) : job.start
      clock.at(from, () => {
        const task = {
          id: job.id,
          startedAt: pasted === 'no' ? job.start : null,
          seen: [],
          inFlight: false,
          askedAt: null,
          failure: null,
          ended: null,
        }
        const one = { job, task, known: null, questions: 0 }
        followed.push(one)
        live.push(one)
        decide(from)
      })
    }
    if (conditions.hides)
      for (let at = dawn; at < last; at += SEEN + HIDDEN) {
        clock.at(at, () => decide(at))
        clock.at(at + SEEN, () => decide(at + SEEN))
      }
    // Of several coordinated tabs, the asking one is closed every ten minutes.
    if (contestant.coordinated && conditions.tabs > 1)
      for (let at = dawn + 600_000; at < last; at += 600_000)
        clock.at(at, () => {
          askerGoneUntil = at + 3_000
          clock.at(askerGoneUntil, () => decide(at + 3_000))
        })
    return followed

    function decide(now: number): void {
      live = live.filter((one) => one.known === null || one.job.start > now - HOUR)
      if (now < askerGoneUntil) return
      const tasks = live.map((one) => one.task)
      const next = contestant.next({ now, visible: visibleAt(now), tasks, allowance })
      let wake = Number.POSITIVE_INFINITY
      for (const one of live) {
        const choice = next.get(one.task.id)
        if (choice?.kind !== 'ask') continue
        if (choice.at <= now) ask(one, now)
        else wake = Math.min(wake, choice.at)
      }
      const mine = ++wakeId
      if (Number.isFinite(wake)) {
        const rings = throttled(now, wake)
        clock.at(rings, () => mine === wakeId && decide(rings))
      }
    }

    function ask(one: Followed, now: number): void {
      if (contestant.coordinated) {
        const [taken, wait] = take(allowance, now)
        allowance = taken
        if (wait > 0) throw new Error(`${contestant.name} overdrew the allowance by ${wait} ms`)
      }
      sent.push(now)
      one.questions++
      one.task.inFlight = true
      one.task.askedAt = now
      const trip = conditions.roundTrip && random.logNormal(conditions.roundTrip, 0.4)
      const arrives = now + trip / 2
      const returns = now + trip
      const fails = random.unit() < conditions.failing
      const failures = one.task.failure?.inARow ?? 0
      const down = downAt(arrives)
      clock.at(arrives, () => {
        const { refused, headers } =
          down === 'refused' ? { refused: null, headers: {} } : admit(arrives)
        const said = new Headers(headers)
        const status = arrives >= one.job.end ? null : one.job.status(arrives)
        clock.at(returns, () => {
          one.task.inFlight = false
          const answer = refused
            ? failed({
                kind: 'limited',
                until: refused.until ?? readWait(said, null, returns),
                message: null,
              })
            : down === 'refused'
              ? failed({ kind: 'unreachable' }, true)
              : down === 'failing' || fails
                ? failed({ kind: 'upstream', status: 503, message: null, until: null })
                : ANSWERED
          const rateLimit = readRateLimit(said, returns)
          const asked = { taskId: one.job.id, failures, sentAt: now }
          allowance = conclude(allowance, { ...answer, rateLimit }, asked, returns)
          if (refused) refusals++
          else if (answer.unsent) one.task.failure = null
          else if (answer !== ANSWERED) {
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
    return outage && now >= dawn + outage.from && now < dawn + outage.to ? outage.how : null
  }

  function visibleAt(now: number): boolean {
    return !conditions.hides || (now - dawn) % (SEEN + HIDDEN) < SEEN
  }

  /** Chrome lets the timers of a hidden page ring each second, after five minutes each minute. */
  function throttled(now: number, wake: number): number {
    if (visibleAt(wake) || visibleAt(now)) return wake
    const hiddenFor = ((wake - dawn) % (SEEN + HIDDEN)) - SEEN
    const unit = hiddenFor > 300_000 ? 60_000 : 1_000
    return Math.ceil(wake / unit) * unit
  }

  function feltBetween(from: number, to: number): number {
    if (!conditions.hides) return (to - from) / 1000
    const seenUntil = (at: number) =>
      Math.floor(at / (SEEN + HIDDEN)) * SEEN + Math.min(SEEN, at % (SEEN + HIDDEN))
    return (seenUntil(to - dawn) - seenUntil(from - dawn)) / 1000
  }
}

function admission(server: LimiterOptions | ToldLimits): (at: number) => Verdict {
  if ('limits' in server) return toldLimits(server)
  const admit = limiter(server)
  return (at) => ({ refused: admit(at), headers: {} })
}

/** A virtual clock: a binary heap of what happens when; equal times in the order of entry. */
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
    /** Runs what comes next; its time, or null when nothing is left. */
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

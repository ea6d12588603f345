import { HOUR } from '../lib/units.ts'
import type { History, Observation } from './belief.ts'
import { type Allowance, room, settle } from './budget.ts'
import { dueIn, foresee, nodesUpTo } from './foresight.ts'
import { ANSWERED_AFTER, heldUntil, type Outage } from './outage.ts'
import { forecast, priceOf } from './price.ts'

export type { History, Observation, Phase } from './belief.ts'

/** All times are epoch milliseconds. */
export interface WatchedTask extends History {
  readonly id: string
  /** A question was sent and neither its answer nor its failure has come. */
  readonly inFlight: boolean
  /** When the last question was sent; null: never. */
  readonly askedAt: number | null
  /** The last question failed; null: it was answered. */
  readonly failure: Failure | null
  /** An answer showed the end; null: none has. */
  readonly ended: Ending | null
}

export interface Failure {
  readonly at: number
  /**
   * Failed questions since the last answer, 1 or more. A 429 is not one (see `refuse`), nor is one that
   * reached nobody (see outage.ts).
   */
  readonly inARow: number
  /** It was sent and nothing came back, so the server may have acted on it. */
  readonly ambiguous: boolean
  /** When the server asked to be tried again, if it said so. */
  readonly until?: number
}

export interface Ending {
  /** When the last answer came. */
  readonly at: number
  /** Nothing more is expected: the task failed, or its credits are known to be deducted. */
  readonly settled: boolean
  /** Questions sent since the first answer that showed the end. */
  readonly checks: number
}

export interface Situation {
  readonly now: number
  /** Whether somebody can see the page. */
  readonly visible: boolean
  /** Keep ended tasks in the list for an hour: what came lately is what will come next. */
  readonly tasks: readonly WatchedTask[]
  readonly allowance: Allowance
}

/** What to do about a task. `at` is never before now: now itself means at once. */
export type Next =
  | { readonly kind: 'ask'; readonly at: number; readonly why: AskReason }
  | { readonly kind: 'waiting'; readonly why: 'in-flight' }
  | { readonly kind: 'never'; readonly why: 'settled' | 'unconfirmed' | 'no-allowance' }

/** Why at that time and not earlier: 'due' is the policy's choice, 'allowance' the limit's. */
export type AskReason = 'due' | 'backoff' | 'confirming' | 'allowance'

/** No task is over sooner than this after its start. */
const FIRST_QUESTION = 1_500
const BETWEEN_QUESTIONS = 800
const LONGEST_BACKOFF = 60_000
/** What a server asks for beyond this is looked into all the same. */
const LONGEST_TOLD = HOUR
/** The server may still be deducting credits for a question whose answer was lost. */
const AFTER_LOST_ANSWER = 20_000
/** Waits before each question that is to confirm the deduction; after the last there is none. */
const CHECKS = [5_000, 20_000, 60_000]
/** After an outage all tasks are asked, where they take no more than this part of what may be sent. */
const CATCH_UP = 0.5
/** What nobody looks at, or nobody understands, is worth asking at this many times the price. */
const RELUCTANCE = 30

/**
 * When to ask next about each task.
 *
 * The plan depends on what has happened, not on when it is read: between two events it stays the
 * same, except that a time that has passed becomes now.
 */
export function plan(situation: Situation): ReadonlyMap<string, Next> {
  const { now, visible, tasks, allowance } = situation
  const asOf = latestEvent(situation)
  const nodes = nodesUpTo(HOUR)
  const foresights = tasks.map((task) => (task.ended ? null : foresee(task, asOf, nodes)))
  const price = priceOf(foresights, nodes, room(allowance, asOf), asOf, forecast(tasks, asOf))

  const { outage } = settle(allowance, now)
  const missed = tasks.filter((task) => isMissed(task, outage)).length
  const catchesUp = missed <= room(allowance, asOf).by(asOf) * CATCH_UP

  const next = new Map<string, Next>()
  const wishes: { id: string; at: number; why: AskReason }[] = []
  for (const [index, task] of tasks.entries()) {
    const foresight = foresights[index]
    const reluctant = !visible || newest(task)?.phase === 'unknown'
    const wait = foresight ? 1000 * dueIn(foresight, reluctant ? price * RELUCTANCE : price) : 0
    const due = catchesUp && isMissed(task, outage) ? (outage?.over ?? now) : asOf + wait
    const wish = wishOf(task, now, due, outage)
    if (wish.kind === 'ask') wishes.push({ id: task.id, ...wish })
    else next.set(task.id, wish)
  }
  // Who is due first has the first question that the allowance gives, and so on.
  wishes.sort((a, b) => a.at - b.at)
  const { after } = room(allowance, now)
  let held = heldUntil(outage)
  const planned: number[] = []
  for (const { id, at, why } of wishes) {
    const opens = after(planned)
    const wanted = Math.max(now, at)
    const soonest = Math.max(wanted, held ?? now)
    const sent = Math.max(soonest, opens)
    planned.push(sent)
    if (opens === Number.POSITIVE_INFINITY) next.set(id, { kind: 'never', why: 'no-allowance' })
    else if (opens > soonest) next.set(id, { kind: 'ask', at: opens, why: 'allowance' })
    else next.set(id, { kind: 'ask', at: soonest, why: soonest > wanted ? 'backoff' : why })
    // While the host is down one question goes, and the next once that has come to nothing.
    if (held !== null) held = sent + ANSWERED_AFTER
  }
  return next
}

/** When the task itself would be asked, and it may be long ago; `due` is the policy's choice. */
function wishOf(task: WatchedTask, now: number, due: number, outage: Outage | null): Next {
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
  // A task of which nothing is known is asked at once; so is one from which the clock jumped away.
  const knownAt = past(newest(task)?.at ?? task.startedAt, now)
  if (knownAt === Number.NEGATIVE_INFINITY) return knownAt
  const started = past(task.startedAt, now)
  const asked = past(task.askedAt, now)
  return Math.max(due, started + FIRST_QUESTION, asked + BETWEEN_QUESTIONS)
}

/** Nothing was heard of it since before the host was down. */
const isMissed = (task: WatchedTask, outage: Outage | null): boolean =>
  outage !== null &&
  outage.over !== null &&
  task.ended === null &&
  (task.startedAt ?? 0) < outage.over &&
  (newest(task)?.at ?? 0) < outage.since

function backoff({ at, inARow, ambiguous, until }: Failure, outage: Outage | null): number {
  const isExplained =
    outage !== null && outage.over !== null && at >= outage.since && at <= outage.over
  const told = Math.min(LONGEST_TOLD, (until ?? at) - at)
  const usual = Math.max(told, Math.min(LONGEST_BACKOFF, 1000 * 2 ** inARow))
  const doubled = isExplained ? 0 : usual
  return ambiguous ? Math.max(doubled, AFTER_LOST_ANSWER) : doubled
}

/** The last time at which something became known; now if nothing has. */
function latestEvent({ now, tasks, allowance }: Situation): number {
  let latest = Math.max(
    past(allowance.sent[allowance.sent.length - 1] ?? null, now),
    past(allowance.refusal?.at ?? null, now),
  )
  for (const task of tasks) {
    const { startedAt, askedAt, failure, ended } = task
    for (const at of [startedAt, askedAt, newest(task)?.at, failure?.at, ended?.at])
      latest = Math.max(latest, past(at ?? null, now))
  }
  return Number.isFinite(latest) ? latest : now
}

/** A time that has been; minus infinity if it has not, as after the clock was moved back. */
function past(at: number | null, now: number): number {
  return at !== null && at <= now ? at : Number.NEGATIVE_INFINITY
}

function newest({ seen }: History): Observation | undefined {
  return seen[seen.length - 1]
}

import { DAY, MINUTE } from '../lib/units.ts'
import { type ApiError, ERROR_RULES } from '../upscayl/errors.ts'
import type { Dating } from '../upscayl/link-end.ts'
import type { Understood } from '../upscayl/read-answer.ts'
import { type Credits, isTerminal, TASK_RULES, type Task } from '../upscayl/task.ts'
import type { Observation, Phase } from './belief.ts'
import { withKeptFiles } from './kept-files.ts'
import type { WatchedTask } from './policy.ts'

/** All that is known of one task: what was seen of it, and how the asking went. Times: epoch ms. */
export interface TaskRecord {
  /** When the answer came that this dashboard's start of it got; null for an id that was pasted. */
  readonly startedAt: number | null
  /** Credits that the answer to the start said will be deducted; null where it said nothing, or is not known. */
  readonly announced: number | null
  /** As last seen. It stays while later questions fail; null before the first answer. */
  readonly task: Task | null
  /** When the answer that `task` comes from arrived. */
  readonly seenAt: number | null
  /** When the question of that answer was sent. */
  readonly seenAskedAt: number | null
  /** When it was first asked; null before. */
  readonly firstAskedAt: number | null
  /** When the last question was sent. */
  readonly askedAt: number | null
  /** Questions so far, failed ones included. */
  readonly questions: number
  /** The last question's error and when it came; null if it was answered. */
  readonly failure: { readonly error: ApiError; readonly at: number } | null
  /** Failed questions in a row. A 429 is none, nor what reached nobody: they say nothing of the task. */
  readonly failures: number
  /** Refusals (ERROR_RULES: stop) since the last answer. */
  readonly refusals: number
  /** Answers before the end, oldest first: what the policy's belief is made of. */
  readonly observations: readonly Observation[]
  /** Questions since the first answer that showed the end. */
  readonly checks: number
  /** The end was seen while watching: when that answer came. */
  readonly endSeenAt: number | null
  /** The last answer showed a result without a link to each of its files, so it cannot be fetched yet. */
  readonly filesPending: boolean
  /** A higher number than the present one was reported before; null while progress only rises. */
  readonly wentBackFrom: number | null
  /** Milliseconds that the server's clock is ahead of this device's; 0 where they agree or nothing is known. */
  readonly clockSkew: number
  /** What is known was remembered from an earlier visit, without the links to files, and not asked since. */
  readonly recalled: boolean
  readonly receipt: Receipt
}

/** What the answer to its start told of a task. */
export type Start = Pick<TaskRecord, 'startedAt' | 'announced'>

/** What was seen of the deduction. */
export interface Receipt {
  /** At which question it was first seen; null while it was not. */
  readonly question: number | null
  readonly at: number | null
  /** Said after the first sight of it, and at odds with it. */
  readonly odd: readonly Oddity[]
}

export const ODDITIES = [
  'amount-changed',
  'flag-went-back',
  'charged-though-failed',
  'other-than-announced',
] as const
export type Oddity = (typeof ODDITIES)[number]

export const UNASKED: TaskRecord = {
  startedAt: null,
  announced: null,
  task: null,
  seenAt: null,
  seenAskedAt: null,
  firstAskedAt: null,
  askedAt: null,
  questions: 0,
  failure: null,
  failures: 0,
  refusals: 0,
  observations: [],
  checks: 0,
  endSeenAt: null,
  filesPending: false,
  wentBackFrom: null,
  clockSkew: 0,
  recalled: false,
  receipt: { question: null, at: null, odd: [] },
}

/** The first answer and the newest ones carry the belief; those between them add little. */
export const MOST_OBSERVATIONS = 120

/** The record after one more answer. Pure. */
export function recordAnswer(
  before: TaskRecord,
  { result, serverTime, unsent }: Understood,
  askedAt: number,
  answeredAt: number,
): TaskRecord {
  const had = before.task
  const ended = had !== null && isTerminal(had)
  // Neither a 429 nor what reached nobody says anything of the task.
  const counts = !unsent && (result.ok || result.error.kind !== 'limited')
  const asked = {
    ...before,
    firstAskedAt: before.firstAskedAt ?? askedAt,
    askedAt,
    questions: before.questions + 1,
    checks: before.checks + (ended && counts ? 1 : 0),
  }
  if (!result.ok) {
    return {
      ...asked,
      failure: { error: result.error, at: answeredAt },
      failures: before.failures + (counts ? 1 : 0),
      refusals: before.refusals + (ERROR_RULES[result.error.kind].next === 'stop' ? 1 : 0),
    }
  }
  const task = withKeptFiles(result.value, had)
  const terminal = isTerminal(task)
  return {
    ...asked,
    task,
    seenAt: answeredAt,
    seenAskedAt: askedAt,
    failure: null,
    failures: 0,
    refusals: 0,
    observations: terminal ? before.observations : observed(before.observations, task, answeredAt),
    endSeenAt: before.endSeenAt ?? (terminal && hadBegun(before) && !ended ? answeredAt : null),
    filesPending: task.kind === 'processed' && lacksLinks(task),
    wentBackFrom: peakAbove(task, before),
    clockSkew: skewOf(serverTime, answeredAt) ?? before.clockSkew,
    recalled: false,
    receipt: receiptOf(before, task, asked.questions, answeredAt),
  }
}

const lacksLinks = ({ files }: Task): boolean =>
  files.length === 0 || files.some(({ downloadUrl }) => downloadUrl === null)

/** That it was not over once was seen, by an answer or by its start. */
const hadBegun = ({ task, startedAt }: TaskRecord): boolean => task !== null || startedAt !== null

const PHASES = {
  pending: 'idle',
  processing: 'idle',
  enhancing: 'active',
  unrecognized: 'unknown',
} as const satisfies Record<string, Phase>

function observed(before: readonly Observation[], task: Task, at: number): readonly Observation[] {
  if (task.kind === 'processed' || task.kind === 'failed') return before
  const { progress } = task
  const working = PHASES[task.kind] === 'idle' && progress !== null && progress > 0
  const all = [...before, { at, phase: working ? 'active' : PHASES[task.kind], progress }]
  const [first] = all
  return first === undefined || all.length <= MOST_OBSERVATIONS
    ? all
    : [first, ...all.slice(1 - MOST_OBSERVATIONS)]
}

function peakAbove(task: Task, { wentBackFrom, task: had }: TaskRecord): number | null {
  const peak = Math.max(wentBackFrom ?? 0, had?.progress ?? 0)
  return !isTerminal(task) && task.progress !== null && task.progress < peak ? peak : null
}

/** The Date header counts in whole seconds and has travelled: small differences mean nothing. */
const NOTABLE_SKEW = 5000

/** A clock may be wrong by hours; a Date that is further away is a fault of whoever made it. */
const LARGEST_SKEW = 30 * DAY

/** The skew as it came, or 0 for one that no clock has. */
export const credible = (skew: number): number => (Math.abs(skew) <= LARGEST_SKEW ? skew : 0)

/** How far one clock is ahead of another (ms), as far as it matters. */
export const notable = (skew: number): number => (Math.abs(skew) < NOTABLE_SKEW ? 0 : skew)

function skewOf(serverTime: number | null, answeredAt: number): number | null {
  const skew = serverTime === null ? null : serverTime - answeredAt
  return skew === null || credible(skew) !== skew ? null : notable(skew)
}

function receiptOf(before: TaskRecord, task: Task, question: number, at: number): Receipt {
  const known = before.receipt
  const { state } = task.credits
  const first = known.question === null
  if (first && state !== 'deducted') return known
  const odd = new Set(known.odd)
  if (first && task.kind === 'failed') odd.add('charged-though-failed')
  if (!first && state === 'outstanding') odd.add('flag-went-back')
  const had = deductedIn(before.task?.credits)
  if (differ(had, task.credits.amount)) odd.add('amount-changed')
  // Once an amount was deducted, a later one is a change of it.
  if (had === null && differ(before.announced, deductedIn(task.credits)))
    odd.add('other-than-announced')
  if (first) return { question, at, odd: [...odd] }
  return odd.size === known.odd.length ? known : { ...known, odd: [...odd] }
}

const deductedIn = (credits: Credits | undefined): number | null =>
  credits?.state === 'deducted' ? credits.amount : null

/** Whether both are known, and not the same. */
const differ = (one: number | null, other: number | null): boolean =>
  one !== null && other !== null && one !== other

/** How a task was started is told once; whoever heard of it does not forget it. Pure. */
export const withStart = (record: TaskRecord, { startedAt, announced }: Start): TaskRecord =>
  record.startedAt !== null || startedAt === null ? record : { ...record, startedAt, announced }

/** A settled task never needs another question: it has ended, its credits are accounted for, its files there. */
export const isSettled = ({ task, filesPending }: TaskRecord): boolean =>
  task !== null &&
  isTerminal(task) &&
  (!TASK_RULES[task.kind].charged || (task.credits.state === 'deducted' && !filesPending))

/** Refusals in a row that are believed of a task which was answered, or started from here. */
const CONVINCING = 4
/** By then every part of the API knows of a task that was started. */
const LISTED_WITHIN = 5 * MINUTE

/**
 * Whether the last question was refused, though the task was answered before or started from here: that is
 * asked again before it is believed. What is settled is asked by a wish alone, whose answer counts at once.
 */
export function isDoubted(record: TaskRecord): boolean {
  const { task, startedAt, failure, refusals } = record
  if (failure === null || ERROR_RULES[failure.error.kind].next !== 'stop') return false
  if (task === null && startedAt === null) return false
  return refusals < CONVINCING ? !isSettled(record) : isAwaited(record)
}

/** Whether it was started from here a moment ago, and is not listed yet. */
export const isAwaited = ({ task, startedAt, failure }: TaskRecord): boolean =>
  task === null &&
  startedAt !== null &&
  failure?.error.kind === 'missing' &&
  failure.at - startedAt < LISTED_WITHIN

/** How the answer that the task comes from dates what it lists. */
export const datingOf = ({ clockSkew, seenAskedAt, seenAt }: TaskRecord): Dating => ({
  clockSkew,
  askedAt: seenAskedAt ?? seenAt ?? 0,
})

/** Whether the last answer was one that the same question would get again. */
export const isRefused = (record: TaskRecord): boolean =>
  record.failure !== null &&
  ERROR_RULES[record.failure.error.kind].next === 'stop' &&
  !isDoubted(record)

const NEAR_THE_END = 90

/** Only near the end can a lost answer have deducted something. */
const mayHaveEnded = (task: Task | null): boolean =>
  task !== null && (isTerminal(task) || task.progress === null || task.progress >= NEAR_THE_END)

const retryOf = (error: ApiError): { readonly until?: number } =>
  error.kind === 'upstream' && error.until !== null ? { until: error.until } : {}

/** The record as the policy wants it. */
export function watchedTask(id: string, record: TaskRecord, inFlight: boolean): WatchedTask {
  const { startedAt, task, seenAt, askedAt, failure, failures, observations, checks } = record
  return {
    id,
    startedAt,
    seen: observations,
    inFlight,
    askedAt,
    failure:
      failure === null || failures === 0
        ? null
        : {
            at: failure.at,
            inARow: failures,
            ambiguous: ERROR_RULES[failure.error.kind].ambiguous && mayHaveEnded(task),
            ...retryOf(failure.error),
          },
    ended:
      task !== null && isTerminal(task) && seenAt !== null
        ? { at: failure?.at ?? seenAt, settled: isSettled(record), checks }
        : null,
  }
}

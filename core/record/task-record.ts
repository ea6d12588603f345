import * as v from 'valibot'
import { type ApiError, ERROR_RULES } from '../api/errors.ts'
import type { Dating } from '../api/file-links.ts'
import { instant, isTerminal, TASK_RULES, type Task, taskSchema } from '../api/task.ts'
import { DAY, MINUTE } from '../lib/units.ts'
import type { Observation } from '../schedule/hazard.ts'
import type { WatchedTask } from '../schedule/schedule.ts'

/** Everything known about one task: its last state and the history of its requests. Times: epoch ms. */
export interface TaskRecord {
  /** When the response to this dashboard's start of the task came; null for a pasted ID. */
  readonly startedAt: number | null
  /** Credits to be deducted according to the response to the start; null if not reported or unknown. */
  readonly quotedCredits: number | null
  /** Last known state. It stays while later requests fail; null before the first response. */
  readonly task: Task | null
  /** When the response that `task` comes from arrived. */
  readonly seenAt: number | null
  /** When the request for that response was sent. */
  readonly seenRequestedAt: number | null
  /** When the first request was sent; null before. */
  readonly firstRequestedAt: number | null
  /** When the last request was sent. */
  readonly requestedAt: number | null
  /** Number of requests so far, including failed ones. */
  readonly requestCount: number
  /** The last request's error and when it came; null if it succeeded. */
  readonly failure: { readonly error: ApiError; readonly at: number } | null
  /** Failed requests in a row, without 429s and unsent requests, which say nothing about the task. */
  readonly failures: number
  /** Rejections (ERROR_RULES: stop) since the last success. */
  readonly refusals: number
  /** Responses before the end, oldest first: the input of the hazard model. */
  readonly observations: readonly Observation[]
  /** Requests since the first response that showed the end. */
  readonly confirmationChecks: number
  /** When the response that showed the end came; null if the task had ended before it was watched. */
  readonly endSeenAt: number | null
  /** The last response showed a result with missing file links, so it cannot be fetched yet. */
  readonly filesPending: boolean
  /** The higher progress that was reported before the current one; null while progress only rises. */
  readonly peakProgress: number | null
  /** Milliseconds that the server's clock is ahead of this device's; 0 if they agree or it is unknown. */
  readonly clockSkew: number
  /** From an earlier visit or a list of tasks, without file links, and not checked since. */
  readonly restored: boolean
  readonly deduction: Deduction
}

/** Data from the response to a task's start. */
export type Start = Pick<TaskRecord, 'startedAt' | 'quotedCredits'>

/** Observed deduction of credits. */
export interface Deduction {
  /** Number of the request that first showed it; null until then. */
  readonly requestNumber: number | null
  readonly at: number | null
  /** Later reports that contradict it. */
  readonly anomalies: readonly Anomaly[]
}

export const ANOMALIES = [
  'amount-changed',
  'flag-went-back',
  'charged-though-failed',
  'other-than-announced',
] as const
export type Anomaly = (typeof ANOMALIES)[number]

export const EMPTY_RECORD: TaskRecord = {
  startedAt: null,
  quotedCredits: null,
  task: null,
  seenAt: null,
  seenRequestedAt: null,
  firstRequestedAt: null,
  requestedAt: null,
  requestCount: 0,
  failure: null,
  failures: 0,
  refusals: 0,
  observations: [],
  confirmationChecks: 0,
  endSeenAt: null,
  filesPending: false,
  peakProgress: null,
  clockSkew: 0,
  restored: false,
  deduction: { requestNumber: null, at: null, anomalies: [] },
}

/** Whether anything is known about it, from a request, from its start or from a list. */
export const isKnown = ({ requestCount, startedAt, task }: TaskRecord): boolean =>
  requestCount > 0 || startedAt !== null || task !== null

/** The first response and the newest ones matter for the model; those in between add little. */
export const MAX_OBSERVATIONS = 120

/** The Date header has whole seconds and arrives late: small differences mean nothing. */
const NOTABLE_SKEW = 5000

/** A clock may be wrong by hours; a larger difference is an invalid Date header. */
const LARGEST_SKEW = 30 * DAY

/** `skew`, or 0 if it is implausible. */
export const credible = (skew: number): number => (Math.abs(skew) <= LARGEST_SKEW ? skew : 0)

/** `skew` (ms), or 0 if it is too small to matter. */
export const notable = (skew: number): number => (Math.abs(skew) < NOTABLE_SKEW ? 0 : skew)

/** The record with the task's start, unless it already has one. Pure. */
export const withStart = (record: TaskRecord, { startedAt, quotedCredits }: Start): TaskRecord =>
  record.startedAt !== null || startedAt === null ? record : { ...record, startedAt, quotedCredits }

/** Version of a record between tabs: its request count, or 0 if restored, since then it has no file links. */
export const versionOf = ({ requestCount, restored }: TaskRecord): number =>
  restored ? 0 : requestCount

/** Merges a record from another tab; returns `own` itself if that is nothing new. Pure. */
export const mergeRemoteRecord = (own: TaskRecord, remote: TaskRecord): TaskRecord =>
  versionOf(remote) > versionOf(own) ? withStart(remote, own) : withStart(own, remote)

/** Converts a record to another clock: all times move by `by` milliseconds, which may be negative. Pure. */
export function shiftTimestamps(record: TaskRecord, by: number): TaskRecord {
  const at = (time: number | null) => (time === null ? null : time + by)
  const { failure, deduction } = record
  return {
    ...record,
    startedAt: at(record.startedAt),
    seenAt: at(record.seenAt),
    seenRequestedAt: at(record.seenRequestedAt),
    firstRequestedAt: at(record.firstRequestedAt),
    requestedAt: at(record.requestedAt),
    failure: failure && { ...failure, at: failure.at + by },
    observations: record.observations.map((one) => ({ ...one, at: one.at + by })),
    endSeenAt: at(record.endSeenAt),
    clockSkew: record.clockSkew - by,
    deduction: { ...deduction, at: at(deduction.at) },
  }
}

/** A settled task needs no further request: it has ended, its credits are deducted, its files are listed. */
export const isSettled = ({ task, filesPending }: TaskRecord): boolean =>
  task !== null &&
  isTerminal(task) &&
  (!TASK_RULES[task.kind].charged || (task.credits.state === 'deducted' && !filesPending))

/** Rejections in a row before they are accepted for a task that is known to exist. */
const CONVINCING = 4
/** By then every part of the API lists a task that was started. */
const LISTED_WITHIN = 5 * MINUTE

/**
 * Whether the last request was rejected although the task is known to exist (seen before, or started from
 * here): that is checked again. A settled task is checked only by the user, and then one rejection counts.
 */
export function isDoubted(record: TaskRecord): boolean {
  const { task, startedAt, failure, refusals } = record
  if (failure === null || ERROR_RULES[failure.error.kind].next !== 'stop') return false
  if (task === null && startedAt === null) return false
  return refusals < CONVINCING ? !isSettled(record) : isAwaited(record)
}

/** Whether it was started from here recently and is not listed yet. */
export const isAwaited = ({ task, startedAt, failure }: TaskRecord): boolean =>
  task === null &&
  startedAt !== null &&
  failure?.error.kind === 'missing' &&
  failure.at - startedAt < LISTED_WITHIN

/** Clock data of the response that the task comes from. */
export const datingOf = ({ clockSkew, seenRequestedAt, seenAt }: TaskRecord): Dating => ({
  clockSkew,
  requestedAt: seenRequestedAt ?? seenAt ?? 0,
})

/** Whether the last request was rejected and repeating it would not help. */
export const isRefused = (record: TaskRecord): boolean =>
  record.failure !== null &&
  ERROR_RULES[record.failure.error.kind].next === 'stop' &&
  !isDoubted(record)

const NEAR_THE_END = 90

/** Only near the end can a request with a lost response have deducted credits. */
const mayHaveEnded = (task: Task | null): boolean =>
  task !== null && (isTerminal(task) || task.progress === null || task.progress >= NEAR_THE_END)

const retryOf = (error: ApiError): { readonly until?: number } =>
  error.kind === 'upstream' && error.until !== null ? { until: error.until } : {}

/** The record as input for the scheduler. */
export function watchedTask(id: string, record: TaskRecord, inFlight: boolean): WatchedTask {
  const {
    startedAt,
    task,
    seenAt,
    requestedAt,
    failure,
    failures,
    observations,
    confirmationChecks,
  } = record
  return {
    id,
    startedAt,
    seen: observations,
    inFlight,
    requestedAt,
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
        ? { at: failure?.at ?? seenAt, settled: isSettled(record), checks: confirmationChecks }
        : null,
  }
}

const time = v.nullable(instant)
const message = v.nullable(v.string())
// Missing in earlier versions, and where it is the API's.
const by = v.optional(v.literal('loupe'))

const error: v.GenericSchema<unknown, ApiError> = v.variant('kind', [
  v.object({ kind: v.picklist(['network', 'unreachable', 'timeout', 'key']) }),
  // Missing in earlier versions.
  v.object({ kind: v.literal('missing'), message: v.optional(message, null) }),
  v.object({ kind: v.literal('credits'), message }),
  v.object({ kind: v.literal('limited'), until: v.nullable(v.number()), message, by }),
  v.object({ kind: v.literal('rejected'), status: v.number(), message, by }),
  // `until` is missing in earlier versions, which applied Retry-After to the key.
  v.object({
    kind: v.literal('upstream'),
    status: v.number(),
    message,
    by,
    until: v.optional(v.nullable(v.number()), null),
  }),
])

/** Field names of version 0.1.0, in stored lists, exports, links and messages of a tab that runs it. */
const EARLIER_NAMES = new Map([
  ['announced', 'quotedCredits'],
  ['seenAskedAt', 'seenRequestedAt'],
  ['firstAskedAt', 'firstRequestedAt'],
  ['askedAt', 'requestedAt'],
  ['questions', 'requestCount'],
  ['checks', 'confirmationChecks'],
  ['wentBackFrom', 'peakProgress'],
  ['recalled', 'restored'],
  ['receipt', 'deduction'],
  ['question', 'requestNumber'],
  ['odd', 'anomalies'],
])

/** The later of two fields wins: what opens a link puts defaults before the fields that it has. */
const renamed = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((fields) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [EARLIER_NAMES.get(name) ?? name, value]),
    ),
  ),
)

const record = v.object({
  // Missing in earlier versions, which started no tasks.
  startedAt: v.optional(time, null),
  quotedCredits: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0))), null),
  task: v.nullable(taskSchema),
  seenAt: time,
  seenRequestedAt: time,
  firstRequestedAt: time,
  requestedAt: time,
  requestCount: v.number(),
  failure: v.nullable(v.object({ error, at: instant })),
  failures: v.number(),
  // Missing in earlier versions.
  refusals: v.optional(v.number(), 0),
  filesPending: v.optional(v.nullable(v.boolean()), null),
  observations: v.pipe(
    v.array(
      v.object({
        at: v.number(),
        phase: v.picklist(['idle', 'active', 'unknown']),
        progress: v.nullable(v.number()),
      }),
    ),
    v.maxLength(MAX_OBSERVATIONS),
  ),
  confirmationChecks: v.number(),
  endSeenAt: time,
  peakProgress: v.nullable(v.number()),
  clockSkew: v.pipe(v.number(), v.transform(credible)),
  restored: v.boolean(),
  deduction: v.pipe(
    renamed,
    v.object({
      requestNumber: v.nullable(v.number()),
      at: time,
      anomalies: v.pipe(v.array(v.picklist(ANOMALIES)), v.maxLength(ANOMALIES.length)),
    }),
  ),
})

/** Parses a record that Loupe itself stored or sent. */
export const recordSchema: v.GenericSchema<unknown, TaskRecord> = v.pipe(
  renamed,
  record,
  v.transform(({ filesPending, ...rest }) => ({
    ...rest,
    // Earlier versions stopped checking a result that came without files.
    filesPending: filesPending ?? (rest.task?.kind === 'processed' && rest.task.files.length === 0),
  })),
)

import { ERROR_RULES } from '../api/errors.ts'
import type { ParsedResponse } from '../api/parse-response.ts'
import { type Credits, failedFiles, isTerminal, type Task, type TaskFile } from '../api/task.ts'
import { placeOf } from '../lib/link-path.ts'
import type { Observation, Phase } from '../schedule/hazard.ts'
import {
  credible,
  type Deduction,
  EMPTY_RECORD,
  MAX_OBSERVATIONS,
  notable,
  type TaskRecord,
} from './task-record.ts'

/** The record after one more response. Pure. */
export function recordResponse(
  before: TaskRecord,
  { result, serverTime, unsent }: ParsedResponse,
  requestedAt: number,
  receivedAt: number,
): TaskRecord {
  const had = before.task
  const ended = had !== null && isTerminal(had)
  // A 429 or an unsent request says nothing about the task.
  const counts = !unsent && (result.ok || result.error.kind !== 'limited')
  const requested = {
    ...before,
    firstRequestedAt: before.firstRequestedAt ?? requestedAt,
    requestedAt,
    requestCount: before.requestCount + 1,
    confirmationChecks: before.confirmationChecks + (ended && counts ? 1 : 0),
  }
  if (!result.ok) {
    return {
      ...requested,
      failure: { error: result.error, at: receivedAt },
      failures: before.failures + (counts ? 1 : 0),
      refusals: before.refusals + (ERROR_RULES[result.error.kind].next === 'stop' ? 1 : 0),
    }
  }
  const task = withKeptFiles(result.value, had)
  const terminal = isTerminal(task)
  return {
    ...requested,
    task,
    seenAt: receivedAt,
    seenRequestedAt: requestedAt,
    failure: null,
    failures: 0,
    refusals: 0,
    observations: terminal ? before.observations : observed(before.observations, task, receivedAt),
    endSeenAt: before.endSeenAt ?? (terminal && hadBegun(before) && !ended ? receivedAt : null),
    filesPending: task.kind === 'processed' && lacksLinks(task),
    peakProgress: peakAbove(task, before),
    clockSkew: skewOf(serverTime, receivedAt) ?? before.clockSkew,
    restored: false,
    deduction: deductionOf(before, task, requested.requestCount, receivedAt),
  }
}

/**
 * The record of a task that a list of tasks reports at `at` (epoch ms), without a request for it. Whether
 * the list has links to its files says nothing about them. Pure.
 */
export const recordListed = (task: Task, at: number): TaskRecord => ({
  ...EMPTY_RECORD,
  task,
  seenAt: at,
  seenRequestedAt: at,
  restored: true,
})

const lacksLinks = ({ files }: Task): boolean =>
  files.length === 0 || files.some(({ downloadUrl, failed }) => downloadUrl === null && !failed)

/** Whether it was seen before its end, by a response or by its start. */
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
  return first === undefined || all.length <= MAX_OBSERVATIONS
    ? all
    : [first, ...all.slice(1 - MAX_OBSERVATIONS)]
}

function peakAbove(task: Task, { peakProgress, task: had }: TaskRecord): number | null {
  const peak = Math.max(peakProgress ?? 0, had?.progress ?? 0)
  return !isTerminal(task) && task.progress !== null && task.progress < peak ? peak : null
}

function skewOf(serverTime: number | null, receivedAt: number): number | null {
  const skew = serverTime === null ? null : serverTime - receivedAt
  return skew === null || credible(skew) !== skew ? null : notable(skew)
}

function deductionOf(before: TaskRecord, task: Task, requestNumber: number, at: number): Deduction {
  const known = before.deduction
  const { state } = task.credits
  // Of a listed task it was seen without a request.
  const first = known.requestNumber === null && before.task?.credits.state !== 'deducted'
  if (first && state !== 'deducted') return known
  const anomalies = new Set(known.anomalies)
  if (first && task.kind === 'failed') anomalies.add('charged-though-failed')
  if (!first && state === 'outstanding') anomalies.add('flag-went-back')
  const had = deductedIn(before.task?.credits)
  if (differ(had, task.credits.amount)) anomalies.add('amount-changed')
  // Once an amount was deducted, a different one later is `amount-changed`.
  if (had === null && differ(expectedOf(before.quotedCredits, task), deductedIn(task.credits)))
    anomalies.add('other-than-announced')
  if (first) return { requestNumber, at, anomalies: [...anomalies] }
  return anomalies.size === known.anomalies.length ? known : { ...known, anomalies: [...anomalies] }
}

/** The estimate without the images that failed, which are not charged. */
function expectedOf(quoted: number | null, task: Task): number | null {
  const [all, failed] = [task.files.length, failedFiles(task).length]
  return quoted === null || failed === 0 ? quoted : (quoted * (all - failed)) / all
}

const deductedIn = (credits: Credits | undefined): number | null =>
  credits?.state === 'deducted' ? credits.amount : null

/** Whether both are known and different. */
const differ = (one: number | null, other: number | null): boolean =>
  one !== null && other !== null && one !== other

/**
 * The task of a response, with links from the previous one (`had`) where this one has none: a shorter
 * list removes no file, since its host may still serve it. Pure.
 */
function withKeptFiles(task: Task, had: Task | null): Task {
  if (task.kind !== 'processed' || had?.kind !== 'processed') return task
  const before = linked(had.files)
  if (linked(task.files).length >= before.length) return task
  const known = new Map(before.map((file) => [file.id, file]))
  const files = task.files.map((file) =>
    file.downloadUrl === null ? withLinkOf(file, known.get(file.id)) : file,
  )
  const ids = new Set(files.map(({ id }) => id))
  const places = new Set(linked(files).map(({ downloadUrl }) => placeOf(downloadUrl)))
  const lost = before.filter((file) => !ids.has(file.id) && !places.has(placeOf(file.downloadUrl)))
  return { ...task, files: [...files, ...lost] }
}

type Linked = TaskFile & { readonly downloadUrl: string }

const linked = (files: readonly TaskFile[]): Linked[] =>
  files.filter((file): file is Linked => file.downloadUrl !== null)

const withLinkOf = (file: TaskFile, had: TaskFile | undefined): TaskFile =>
  had === undefined
    ? file
    : {
        ...file,
        expiresAt: had.expiresAt,
        downloadUrl: had.downloadUrl,
        thumbnailUrl: file.thumbnailUrl ?? had.thumbnailUrl,
        failed: false,
      }

import type { ApiError, ApiErrorKind } from '../../../core/api/errors.ts'
import { SAMPLES, type SampleName } from '../../../core/api/samples.ts'
import { isTerminal } from '../../../core/api/task.ts'
import { HOUR, MINUTE, SECOND } from '../../../core/lib/units.ts'
import {
  acquire,
  applyLimits,
  fullQuota,
  onRateLimited,
  quotaStatus,
} from '../../../core/quota/quota.ts'
import { type Anomaly, withStart } from '../../../core/record/task-record.ts'
import type { PlannedCheck } from '../../../core/schedule/schedule.ts'
import type { FollowedTask } from '../../tasks/use-task.ts'
import { followingAt, type Received } from '../following.ts'
import { each, prefixed, type Scene } from './state.ts'
import { received, refused, taskState } from './task-scene.tsx'

const task = (
  description: string,
  responses: (scene: Scene) => readonly Received[],
  change: (scene: Scene, following: FollowedTask) => Partial<FollowedTask> = () => ({}),
) =>
  taskState(description, (scene) => {
    const following = followingAt(responses(scene), scene.at)
    return { ...following, ...change(scene, following) }
  })

const seen = (name: SampleName) => (scene: Scene) => [received(name, scene)]

const none = () => []

/** Every response of the API, as the first one. */
export const SAMPLE_STATES = each(SAMPLES, ({ description }, name) => task(description, seen(name)))

const MESSAGE = 'The message of the API, unchanged.'

const ERRORS: Readonly<{ [Kind in ApiErrorKind]: (at: number) => ApiError & { kind: Kind } }> = {
  network: () => ({ kind: 'network' }),
  unreachable: () => ({ kind: 'unreachable' }),
  timeout: () => ({ kind: 'timeout' }),
  key: () => ({ kind: 'key' }),
  credits: () => ({ kind: 'credits', message: MESSAGE }),
  missing: () => ({ kind: 'missing', message: MESSAGE }),
  limited: (at) => ({ kind: 'limited', until: at + 14 * MINUTE, message: MESSAGE }),
  rejected: () => ({ kind: 'rejected', status: 400, message: MESSAGE }),
  upstream: () => ({ kind: 'upstream', status: 500, message: MESSAGE, until: null }),
}

/** Every error before any response. */
export const FIRST_ERROR_STATES = prefixed(
  'first',
  each(ERRORS, (error, kind) =>
    task(`First check failed: ${kind}`, (scene) => [refused(error(scene.at), scene)]),
  ),
)

/** Every error while an earlier response is still shown. */
export const LATER_ERROR_STATES = prefixed(
  'later',
  each(ERRORS, (error, kind) =>
    task(`Later check failed: ${kind}`, (scene) => [
      received('enhancing', scene, 30 * SECOND),
      refused(error(scene.at), scene),
    ]),
  ),
)

const NEXT: Readonly<
  Record<PlannedCheck['why'], readonly [SampleName, (at: number) => PlannedCheck]>
> = {
  due: ['enhancing', (at) => ({ kind: 'ask', why: 'due', at: at + 12 * SECOND })],
  backoff: ['enhancing', (at) => ({ kind: 'ask', why: 'backoff', at: at + 8 * SECOND })],
  confirming: [
    'credits-unconfirmed',
    (at) => ({ kind: 'ask', why: 'confirming', at: at + 20 * SECOND }),
  ],
  allowance: ['enhancing', (at) => ({ kind: 'ask', why: 'allowance', at: at + 25 * MINUTE })],
  'in-flight': ['enhancing', () => ({ kind: 'waiting', why: 'in-flight' })],
  settled: ['processed', () => ({ kind: 'never', why: 'settled' })],
  unconfirmed: ['credits-unconfirmed', () => ({ kind: 'never', why: 'unconfirmed' })],
  'no-allowance': ['enhancing', () => ({ kind: 'never', why: 'no-allowance' })],
}

/** Every reason for the next check, or for none. */
export const NEXT_STATES = prefixed(
  'next',
  each(NEXT, ([sample, next], why) =>
    task(`Next check: ${why}`, seen(sample), ({ at }) => ({ next: next(at) })),
  ),
)

const ANOMALY_SAMPLES: Readonly<Record<Anomaly, SampleName>> = {
  'amount-changed': 'processed',
  'flag-went-back': 'credits-unconfirmed',
  'charged-though-failed': 'failed',
  'other-than-announced': 'processed',
}

/** Every contradiction in the reported credits. */
export const ANOMALY_STATES = prefixed(
  'anomaly',
  each(ANOMALY_SAMPLES, (sample, anomaly) =>
    task(`Credit anomaly: ${anomaly}`, seen(sample), (_, { record }) => ({
      record: {
        ...record,
        quotedCredits: anomaly === 'other-than-announced' ? 40 : null,
        deduction: { requestNumber: 3, at: record.seenAt, anomalies: [anomaly] },
      },
    })),
  ),
)

/** Reported progress: percent by seconds ago. */
const reports = (percents: Readonly<Record<number, number>>) => (scene: Scene) =>
  Object.entries(percents)
    .map(([ago, percent]) =>
      received('enhancing', scene, Number(ago) * SECOND, { progress: `${percent}` }),
    )
    .reverse()

/** Same for a task started by this dashboard, a while before its first check. */
const startedHere = ({ at }: Scene, { record }: FollowedTask): Partial<FollowedTask> => ({
  record: {
    ...withStart(record, { startedAt: at - 75 * SECOND, quotedCredits: 10 }),
    endSeenAt: record.task !== null && isTerminal(record.task) ? record.seenAt : null,
  },
})

/** Repeated rejections, up to the number that is believed. */
export const REFUSED_STATES = prefixed(
  'rejected',
  each(
    {
      key: ERRORS.key,
      credits: ERRORS.credits,
      missing: ERRORS.missing,
      rejected: ERRORS.rejected,
    },
    (error, kind) =>
      task(`Rejected repeatedly after a response: ${kind}`, (scene) => [
        received('enhancing', scene, 60 * SECOND),
        ...[30, 26, 18, 4].map((ago) => refused(error(scene.at), scene, ago * SECOND)),
      ]),
  ),
)

/** Forecasts beyond the last response. */
export const FORECAST_STATES = prefixed('forecast', {
  remaining: task('Time left, and estimated progress', reports({ 60: 10, 45: 25, 30: 42, 14: 58 })),
  hours: task('Slow task: hours left', reports({ 2400: 4, 1500: 7, 600: 10 })),
  'nearly-done': task('The bar stops at 99%', reports({ 50: 30, 30: 80, 6: 99 })),
  standstill: task('No progress for minutes', reports({ 400: 20, 380: 42, 200: 42, 10: 42 })),
  waiting: task('Queued for two hours', (scene) => [
    received('processing', scene, 2 * HOUR, { progress: '0' }),
    received('processing', scene, 10 * SECOND, { progress: '0' }),
  ]),
  'went-back': task('Progress went back', reports({ 40: 61, 5: 48 })),
  started: task('Started here: running time and expected credits', reports({ 5: 42 }), startedHere),
  'started-ended': task('Started here and done', seen('credits-unconfirmed'), startedHere),
  'started-partly-failed': task(
    'Started here, and two images failed',
    seen('batch-partly-failed'),
    ({ at }, { record }) => ({
      record: withStart(record, { startedAt: at - 75 * SECOND, quotedCredits: 60 }),
    }),
  ),
  'end-seen': task('Finished while open', (scene) => [
    received('enhancing', scene, 75 * SECOND),
    received('processed', scene),
  ]),
})

const used = (count: number, at: number, limit: number | null = 100) => {
  let quota = fullQuota(limit)
  for (let n = count; n > 0; n--) [quota] = acquire(quota, at - n * 20 * SECOND)
  return quota
}

const usedUp = (at: number) => {
  const quota = used(98, at)
  const next = { kind: 'ask', why: 'allowance', at: quotaStatus(quota, at).nextAt ?? at } as const
  return { quota, next }
}

/** Polling: quota, pause, network, the time before the first response. */
export const POLLING_STATES = prefixed('polling', {
  first: task('First check in progress', none, () => ({ fetching: true })),
  'first-offline': task('Offline before the first check', none, () => ({ offline: true })),
  'first-paused': task('Paused before the first check', none, () => ({ paused: true })),
  'first-used-up': task('Hourly limit reached before the first check', none, ({ at }) =>
    usedUp(at),
  ),
  started: task('Started here, not checked yet', none, ({ at }, { record }) => ({
    record: withStart(record, { startedAt: at - SECOND, quotedCredits: 10 }),
    next: { kind: 'ask', why: 'due', at: at + 6 * SECOND },
  })),
  unlisted: task('Started here, not listed by Upscayl yet', none, ({ at }, { record }) => ({
    record: {
      ...withStart(record, { startedAt: at - 5 * SECOND, quotedCredits: 10 }),
      failure: { error: { kind: 'missing', message: null }, at: at - SECOND },
      failures: 1,
      refusals: 1,
    },
    next: { kind: 'ask', why: 'backoff', at: at + 3 * SECOND },
  })),
  again: task('Later check in progress', seen('enhancing'), () => ({ fetching: true })),
  offline: task('Offline after a response', seen('enhancing'), () => ({ offline: true })),
  paused: task('Checks paused', seen('enhancing'), () => ({ paused: true })),
  'used-up': task('Hourly limit reached', seen('enhancing'), ({ at }) => usedUp(at)),
  blocked: task('Wait requested by Upscayl', seen('enhancing'), ({ at }) => ({
    quota: onRateLimited(used(40, at), at - 10 * SECOND, at + HOUR),
    next: { kind: 'ask', why: 'allowance', at: at + HOUR },
  })),
  lowered: task('Limit lowered after a 429', seen('enhancing'), ({ at }) => ({
    quota: onRateLimited(used(9, at), at - 10 * MINUTE, at - MINUTE),
  })),
  'short-window': task('Limit per minute reached', seen('enhancing'), ({ at }) => ({
    quota: applyLimits(used(9, at), at, [
      { limit: 10, remaining: 0, windowMs: MINUTE, resetAt: at + 40 * SECOND },
    ]),
    next: { kind: 'ask', why: 'allowance', at: at + 43 * SECOND },
  })),
  unlimited: task('No limit', seen('enhancing'), ({ at }) => ({
    quota: used(12, at, null),
  })),
})

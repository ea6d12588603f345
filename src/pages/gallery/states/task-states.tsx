import { HOUR, MINUTE, SECOND } from '../../../lib/units.ts'
import { fullAllowance, learn, refuse, take } from '../../../polling/budget.ts'
import type { Next } from '../../../polling/policy.ts'
import { type Oddity, withStart } from '../../../polling/task-record.ts'
import type { Following } from '../../../polling/use-task-status.ts'
import type { ApiError, ApiErrorKind } from '../../../upscayl/errors.ts'
import { SAMPLES, type SampleName } from '../../../upscayl/samples.ts'
import { isTerminal } from '../../../upscayl/task.ts'
import { type Answered, followingAt } from '../following.ts'
import { each, type GalleryState, prefixed, type Scene } from './state.ts'
import { answered, refused, TaskScene } from './task-scene.tsx'

const task = (
  says: string,
  answers: (scene: Scene) => readonly Answered[],
  change: (scene: Scene, following: Following) => Partial<Following> = () => ({}),
): GalleryState => ({
  says,
  keyGiven: true,
  page: (scene) => {
    const following = followingAt(answers(scene), scene.at)
    return <TaskScene following={{ ...following, ...change(scene, following) }} />
  },
})

const seen = (name: SampleName) => (scene: Scene) => [answered(name, scene)]

/** Every answer of the API, as the first one that came. */
export const SAMPLE_STATES = each(SAMPLES, ({ says }, name) => task(says, seen(name)))

const MESSAGE = 'The words of the API, as it sent them.'

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

/** Every error, where nothing of the task is known yet. */
export const FIRST_ERROR_STATES = prefixed(
  'first',
  each(ERRORS, (error, kind) =>
    task(`The first question ends in an error: ${kind}`, (scene) => [
      refused(error(scene.at), scene),
    ]),
  ),
)

/** Every error, where the last answer is still on the page. */
export const LATER_ERROR_STATES = prefixed(
  'later',
  each(ERRORS, (error, kind) =>
    task(`A later question ends in an error: ${kind}`, (scene) => [
      answered('enhancing', scene, 30 * SECOND),
      refused(error(scene.at), scene),
    ]),
  ),
)

const NEXT: Readonly<Record<Next['why'], readonly [SampleName, (at: number) => Next]>> = {
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

/** Every reason for the next question, or for none. */
export const NEXT_STATES = prefixed(
  'next',
  each(NEXT, ([sample, next], why) =>
    task(`The next question: ${why}`, seen(sample), ({ at }) => ({ next: next(at) })),
  ),
)

const ODDITIES: Readonly<Record<Oddity, SampleName>> = {
  'amount-changed': 'processed',
  'flag-went-back': 'credits-unconfirmed',
  'charged-though-failed': 'failed',
  'other-than-announced': 'processed',
}

/** Everything about credits that does not fit together. */
export const ODDITY_STATES = prefixed(
  'odd',
  each(ODDITIES, (sample, oddity) =>
    task(`Credits at odds: ${oddity}`, seen(sample), (_, { record }) => ({
      record: {
        ...record,
        announced: oddity === 'other-than-announced' ? 40 : null,
        receipt: { question: 3, at: record.seenAt, odd: [oddity] },
      },
    })),
  ),
)

/** Progress as it was reported, oldest first: seconds ago and percent. */
const reports = (list: readonly (readonly [ago: number, percent: number])[]) => (scene: Scene) =>
  list.map(([ago, percent]) =>
    answered('enhancing', scene, ago * SECOND, { progress: String(percent) }),
  )

/** The same of a task that this dashboard started, a while before its first question. */
const startedHere = ({ at }: Scene, { record }: Following): Partial<Following> => ({
  record: {
    ...withStart(record, { startedAt: at - 75 * SECOND, announced: 10 }),
    endSeenAt: record.task !== null && isTerminal(record.task) ? record.seenAt : null,
  },
})

/** Refusals as often as they have to come to be believed. */
export const REFUSED_STATES = prefixed(
  'refused',
  each(
    {
      key: ERRORS.key,
      credits: ERRORS.credits,
      missing: ERRORS.missing,
      rejected: ERRORS.rejected,
    },
    (error, kind) =>
      task(`A task that was answered is refused time and again: ${kind}`, (scene) => [
        answered('enhancing', scene, 60 * SECOND),
        ...[30, 26, 18, 4].map((ago) => refused(error(scene.at), scene, ago * SECOND)),
      ]),
  ),
)

/** What is said of a task beyond its last answer. */
export const FORECAST_STATES = prefixed('forecast', {
  remaining: task(
    'Time left, and where the bar may be by now',
    reports([
      [60, 10],
      [45, 25],
      [30, 42],
      [14, 58],
    ]),
  ),
  hours: task(
    'A slow one: minutes and hours left',
    reports([
      [2400, 4],
      [1500, 7],
      [600, 10],
    ]),
  ),
  'nearly-done': task(
    'At 99 %, and the bar goes no further',
    reports([
      [50, 30],
      [30, 80],
      [6, 99],
    ]),
  ),
  standstill: task(
    'No progress for minutes',
    reports([
      [400, 20],
      [380, 42],
      [200, 42],
      [10, 42],
    ]),
  ),
  waiting: task('In the queue for two hours', (scene) => [
    answered('processing', scene, 2 * HOUR, { progress: '0' }),
    answered('processing', scene, 10 * SECOND, { progress: '0' }),
  ]),
  'went-back': task(
    'A lower number than before',
    reports([
      [40, 61],
      [5, 48],
    ]),
  ),
  started: task(
    'Started from here: since when it runs, and what was announced',
    reports([[5, 42]]),
    startedHere,
  ),
  'started-ended': task('Started from here, and done', seen('credits-unconfirmed'), startedHere),
  'end-seen': task('The end came while it was watched', (scene) => [
    answered('enhancing', scene, 75 * SECOND),
    answered('processed', scene),
  ]),
})

const used = (count: number, at: number, limit: number | null = 100) => {
  let allowance = fullAllowance(limit)
  for (let n = count; n > 0; n--) [allowance] = take(allowance, at - n * 20 * SECOND)
  return allowance
}

/** The asking itself: allowance, pause, network, the time before the first answer. */
export const ASKING_STATES = prefixed('asking', {
  first: task(
    'The first question is under way',
    () => [],
    () => ({ asking: true }),
  ),
  'first-offline': task(
    'Offline before the first question',
    () => [],
    () => ({ offline: true }),
  ),
  started: task(
    'Started from here, and not asked yet',
    () => [],
    ({ at }, { record }) => ({
      record: withStart(record, { startedAt: at - SECOND, announced: 10 }),
      next: { kind: 'ask', why: 'due', at: at + 6 * SECOND },
    }),
  ),
  unlisted: task(
    'Started from here, and not listed yet',
    () => [],
    ({ at }, { record }) => ({
      record: {
        ...withStart(record, { startedAt: at - 5 * SECOND, announced: 10 }),
        failure: { error: { kind: 'missing', message: null }, at: at - SECOND },
        failures: 1,
        refusals: 1,
      },
      next: { kind: 'ask', why: 'backoff', at: at + 3 * SECOND },
    }),
  ),
  again: task('A later question is under way', seen('enhancing'), () => ({ asking: true })),
  offline: task('Offline while a task is watched', seen('enhancing'), () => ({ offline: true })),
  paused: task('A person has paused all questions', seen('enhancing'), () => ({ paused: true })),
  'used-up': task('The hour is used up', seen('enhancing'), ({ at }) => ({
    allowance: used(98, at),
    next: { kind: 'ask', why: 'allowance', at: at + 26 * MINUTE },
  })),
  blocked: task('Upscayl asked for a wait', seen('enhancing'), ({ at }) => ({
    allowance: refuse(used(40, at), at - 10 * SECOND, at + HOUR),
    next: { kind: 'ask', why: 'allowance', at: at + HOUR },
  })),
  lowered: task('A 429 has lowered the limit', seen('enhancing'), ({ at }) => ({
    allowance: refuse(used(9, at), at - 10 * MINUTE, at - MINUTE),
  })),
  'short-window': task('The limit of a minute is used up', seen('enhancing'), ({ at }) => ({
    allowance: learn(used(9, at), at, [
      { limit: 10, remaining: 0, windowMs: MINUTE, resetAt: at + 40 * SECOND },
    ]),
    next: { kind: 'ask', why: 'allowance', at: at + 43 * SECOND },
  })),
  unlimited: task('No limit is set', seen('enhancing'), ({ at }) => ({
    allowance: used(12, at, null),
  })),
})

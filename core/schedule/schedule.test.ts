import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../lib/units.ts'
import { acquire, fullQuota, onRateLimited, type Quota } from '../quota/quota.ts'
import {
  type Observation,
  type PlannedCheck,
  plan,
  type Situation,
  type WatchedTask,
} from './schedule.ts'

const NOW = 1_800_000_000_000

const TASK: WatchedTask = {
  id: 'a',
  startedAt: NOW,
  seen: [],
  inFlight: false,
  requestedAt: null,
  failure: null,
  ended: null,
}

function answers(...list: [atSeconds: number, progress: number][]): Partial<WatchedTask> {
  const seen = list.map(
    ([at, progress]): Observation => ({
      at: NOW + at * SECOND,
      phase: progress > 0 ? 'active' : 'idle',
      progress,
    }),
  )
  return { seen, requestedAt: seen[seen.length - 1]?.at ?? null }
}

function nextOf(
  task: Partial<WatchedTask>,
  now: number,
  rest: Partial<Situation> = {},
): PlannedCheck {
  const tasks = [{ ...TASK, ...task }]
  const next = plan({ now, visible: true, quota: fullQuota(), tasks, ...rest }).get('a')
  if (next === undefined) throw new Error('every task has an entry')
  return next
}

/** Seconds from `now` to the check. */
function waitOf(task: Partial<WatchedTask>, now: number, rest: Partial<Situation> = {}): number {
  const next = nextOf(task, now, rest)
  if (next.kind !== 'ask') throw new Error(`${next.kind}: ${next.why}`)
  return (next.at - now) / SECOND
}

describe('one task', () => {
  test('is not checked at once if just started, but is if only its ID is known', () => {
    expect(waitOf({}, NOW)).toBeGreaterThanOrEqual(1.5)
    expect(waitOf({ startedAt: null }, NOW)).toBe(0)
  })

  test('is checked near its end, not before', () => {
    const early = answers([10, 0], [11, 1], [60, 20], [110, 40], [160, 60])
    const late = answers([10, 0], [11, 1], [160, 60], [220, 85], [256, 99])
    expect(waitOf(early, NOW + 160 * SECOND)).toBeGreaterThan(10)
    expect(waitOf(late, NOW + 256 * SECOND)).toBeLessThan(5)
  })

  test('is checked ever less often without progress', () => {
    const waits = [20, 60, 200].map((age) => waitOf(answers([age, 0]), NOW + age * SECOND))
    expect(waits).toEqual([...waits].sort((a, b) => a - b))
  })

  test('is checked less often when not visible or with an unknown status', () => {
    const seen = answers([60, 0])
    const unknown = { seen: [{ at: NOW + MINUTE, phase: 'unknown', progress: 0 } as const] }
    const usual = waitOf(seen, NOW + MINUTE)
    expect(waitOf(seen, NOW + MINUTE, { visible: false })).toBeGreaterThan(2 * usual)
    expect(waitOf(unknown, NOW + MINUTE)).toBeGreaterThan(2 * usual)
  })

  test('of unknown start does not count as fast because it was first seen halfway', () => {
    const found = answers([0, 50])
    expect(waitOf({ ...found, startedAt: null }, NOW)).toBeGreaterThan(waitOf(found, NOW))
  })

  test('of unknown start is soon checked again, to measure its speed', () => {
    const wait = waitOf({ ...answers([0, 20]), startedAt: null }, NOW)
    expect(wait).toBeGreaterThan(1)
    expect(wait).toBeLessThan(5)
  })

  test('is not checked while a request is in flight', () => {
    expect(nextOf({ inFlight: true }, NOW)).toEqual({ kind: 'waiting', why: 'in-flight' })
  })
})

describe('failures', () => {
  test('double the wait from 2 s to 60 s', () => {
    const waits = [1, 2, 3, 4, 5, 6, 20].map((inARow) =>
      waitOf(
        { ...answers([600, 0]), failure: { at: NOW + HOUR, inARow, ambiguous: false } },
        NOW + HOUR,
      ),
    )
    expect(waits).toEqual([2, 4, 8, 16, 32, 60, 60])
  })

  test.each([
    [90 * SECOND, 90],
    [SECOND, 2],
    [-MINUTE, 2],
    [24 * HOUR, 3600],
  ])('wait for Retry-After, %s ms, but at most an hour', (told, wait) => {
    const at = NOW + HOUR
    const failure = { at, inARow: 1, ambiguous: false, until: at + told }
    expect(waitOf({ ...answers([600, 0]), failure }, at)).toBe(wait)
  })

  test('without a response leave the server time to deduct', () => {
    const failure = { at: NOW + HOUR, inARow: 1, ambiguous: true }
    expect(nextOf({ ...answers([600, 0]), failure }, NOW + HOUR)).toEqual({
      kind: 'ask',
      at: NOW + HOUR + 20 * SECOND,
      why: 'backoff',
    })
  })
})

describe('a host that is down', () => {
  const down = { since: NOW, only: null, until: NOW + 10 * SECOND, over: null }
  const now = NOW + 2 * SECOND
  const ten = Array.from({ length: 10 }, (_, n) => ({ ...TASK, id: `${n}`, startedAt: null }))
  const planned = (outage: Quota['outage'], tasks: readonly WatchedTask[] = ten, at = now) => {
    const quota = { ...fullQuota(), outage }
    return [...plan({ now: at, visible: true, tasks, quota }).values()].map((next) =>
      next.kind === 'ask' ? [next.why, (next.at - NOW) / SECOND] : [next.why],
    )
  }

  test('is probed by one task after the other, each when the last has failed', () => {
    expect(planned(down).slice(0, 3)).toEqual([
      ['backoff', 10],
      ['backoff', 30],
      ['backoff', 50],
    ])
    expect(planned({ ...down, only: 'a' })).toEqual(ten.map(() => ['due', 2]))
    expect(planned(null)).toEqual(ten.map(() => ['due', 2]))
  })

  test('and is back allows all missed tasks at once', () => {
    const failure = { at: NOW + SECOND, inARow: 6, ambiguous: false }
    const seen = [{ at: NOW - SECOND, phase: 'active', progress: 40 } as const]
    const tasks = ten.map((task) => ({ ...task, startedAt: NOW - HOUR, seen, failure }))
    const back = { ...down, over: NOW + 10 * SECOND }
    expect(planned(back, tasks, NOW + 10 * SECOND)).toEqual(ten.map(() => ['due', 10]))
    // Tasks with a response meanwhile, or started then, are checked when they are due.
    const heard = tasks.map((one) => ({
      ...one,
      seen: [...seen, { at: NOW + 10 * SECOND, phase: 'active', progress: 41 } as const],
      failure: null,
    }))
    for (const [, at] of planned(back, heard, NOW + 10 * SECOND)) expect(at).toBeGreaterThan(12)
    const young = ten.map((task) => ({ ...task, startedAt: NOW + 11 * SECOND }))
    for (const [, at] of planned(back, young, NOW + 11 * SECOND)) expect(at).toBeGreaterThan(12)
  })

  test('and is back does not use up the quota for tasks that are not due', () => {
    const seen = [{ at: NOW - SECOND, phase: 'active', progress: 1 } as const]
    const tasks = Array.from({ length: 60 }, (_, n) => ({
      ...TASK,
      id: `${n}`,
      startedAt: NOW - HOUR,
      seen,
    }))
    const back = { ...down, over: NOW + 10 * SECOND }
    const times = planned(back, tasks, NOW + 10 * SECOND).map(([, at]) => at)
    expect(times.filter((at) => at === 10)).toHaveLength(0)
  })
})

describe('after the end', () => {
  const at = NOW + MINUTE
  test('a settled task is never checked', () => {
    const ended = { at, settled: true, checks: 0 }
    expect(nextOf({ ended }, at)).toEqual({ kind: 'never', why: 'settled' })
  })

  test('unconfirmed credits cost three more requests', () => {
    const waits = [0, 1, 2].map((checks) => waitOf({ ended: { at, settled: false, checks } }, at))
    expect(waits).toEqual([5, 20, 60])
    const ended = { at, settled: false, checks: 3 }
    expect(nextOf({ ended }, at)).toEqual({ kind: 'never', why: 'unconfirmed' })
  })
})

describe('the quota', () => {
  test('that is used up makes the k-th most urgent task wait for the k-th free request', () => {
    let quota = fullQuota(12)
    for (let index = 0; index < 10; index++) quota = acquire(quota, NOW + index * MINUTE)[0]
    const now = NOW + 20 * MINUTE
    const tasks = [1, 2, 3].map((index) => ({ ...TASK, id: `${index}`, ...answers([index, 0]) }))
    const next = [...plan({ now, visible: true, tasks, quota }).values()]
    const opens = [0, 1, 2].map((index) => NOW + index * MINUTE + HOUR + 3 * SECOND)
    expect(next.map((one) => one.kind === 'ask' && one.at).sort()).toEqual(opens)
    expect(next.every((one) => one.why === 'allowance')).toBe(true)
  })

  test('of 0 gives a reason', () => {
    const quota = fullQuota(0)
    expect(nextOf({}, NOW, { quota })).toEqual({ kind: 'never', why: 'no-allowance' })
  })

  test('after a 429 is respected', () => {
    const quota = onRateLimited(fullQuota(), NOW, NOW + 20 * MINUTE)
    expect(waitOf({}, NOW, { quota })).toBe(20 * 60)
  })
})

/** Arbitrary histories, including impossible ones. */
const anyTime = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: NOW - 2 * HOUR, max: NOW }) },
  fc.integer({ min: NOW, max: NOW + 2 * HOUR }),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1, 0, 1e300),
)
const anyProgress = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, -5, 1e9, 0.001),
)
const anyObservation = fc.record({
  at: anyTime,
  phase: fc.constantFrom('idle' as const, 'active' as const, 'unknown' as const),
  progress: anyProgress,
})
const anyCount = fc.oneof(fc.nat({ max: 20 }), fc.constantFrom(Number.NaN, -3, 1e9))
const anyTask = fc.record({
  id: fc.uuid(),
  startedAt: fc.option(anyTime),
  seen: fc.array(anyObservation, { maxLength: 12 }),
  inFlight: fc.boolean(),
  requestedAt: fc.option(anyTime),
  failure: fc.option(
    fc.record(
      { at: anyTime, inARow: anyCount, ambiguous: fc.boolean(), until: anyTime },
      { requiredKeys: ['at', 'inARow', 'ambiguous'], noNullPrototype: true },
    ),
  ),
  ended: fc.option(fc.record({ at: anyTime, settled: fc.boolean(), checks: anyCount })),
})
const anySituation = fc.record({
  now: fc.constant(NOW),
  visible: fc.boolean(),
  tasks: fc.uniqueArray(anyTask, { maxLength: 8, selector: (task) => task.id }),
  quota: fc.record({
    limit: fc.oneof(fc.nat({ max: 200 }), fc.constant(null)),
    windowMs: fc.constantFrom(10 * SECOND, HOUR, 24 * HOUR),
    sent: fc.array(anyTime, { maxLength: 30 }),
    refusal: fc.option(fc.record({ at: anyTime, until: anyTime })),
    ceiling: fc.option(fc.record({ limit: fc.nat({ max: 100 }), until: anyTime })),
    outage: fc.option(
      fc.record({
        since: anyTime,
        only: fc.constantFrom(null, 'a', 'b'),
        until: anyTime,
        over: fc.option(anyTime),
      }),
    ),
    stated: fc.option(
      fc.record({
        until: anyTime,
        beside: fc.array(
          fc.record({
            limit: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constant(null)),
            windowMs: fc.constantFrom(SECOND, MINUTE, HOUR, 24 * HOUR),
            sent: fc.array(anyTime, { maxLength: 10 }),
          }),
          { maxLength: 3 },
        ),
      }),
    ),
  }),
})

describe('any history', () => {
  test('each task has a finite time that is not in the past, or a reason', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const next = plan(situation)
        expect([...next.keys()].sort()).toEqual(situation.tasks.map((task) => task.id).sort())
        for (const one of next.values()) {
          expect(one.why).toBeTruthy()
          if (one.kind !== 'ask') continue
          expect(Number.isFinite(one.at)).toBe(true)
          expect(one.at).toBeGreaterThanOrEqual(situation.now)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('never checks a task in flight, nor more tasks at once than allowed', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const next = plan(situation)
        let quota: Quota = situation.quota
        for (const task of situation.tasks) {
          const one = next.get(task.id)
          if (task.inFlight) expect(one?.kind).toBe('waiting')
          if (one?.kind !== 'ask' || one.at > situation.now) continue
          const [after, wait] = acquire(quota, situation.now)
          quota = after
          expect(wait).toBe(0)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('the plan stays the same until something happens', () => {
    const real = fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.nat({ max: 99 })), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(real, fc.nat({ max: HOUR }), (list, later) => {
        const task = answers(...list.sort((a, b) => a[0] - b[0]))
        const from = NOW + 900 * SECOND
        const at = from + waitOf(task, from) * SECOND
        expect(later + from + waitOf(task, from + later) * SECOND).toBeCloseTo(
          Math.max(at, from + later),
          0,
        )
      }),
    )
  })
})

/** Mean delay in seconds until the ends of three tasks without progress are detected. */
function meanDelay(limit: number, ends: readonly number[]): number {
  let quota = fullQuota(limit)
  let tasks = ends.map((_, index): WatchedTask => ({ ...TASK, id: `${index}` }))
  let late = 0
  for (let now = NOW; tasks.some((task) => task.ended === null); ) {
    const next = plan({ now, visible: true, tasks, quota })
    const times = [...next.values()].flatMap((one) => (one.kind === 'ask' ? one.at : []))
    now = Math.max(now, Math.min(...times))
    const at = now
    tasks = tasks.map((task, index) => {
      const one = next.get(task.id)
      if (one?.kind !== 'ask' || one.at > at) return task
      quota = acquire(quota, at)[0]
      const end = NOW + (ends[index] ?? 0) * SECOND
      if (at >= end) late += (at - end) / SECOND
      if (at >= end) return { ...task, ended: { at, settled: true, checks: 0 } }
      return {
        ...task,
        requestedAt: at,
        seen: [...task.seen, { at, phase: 'active', progress: 0 }],
      }
    })
  }
  return late / ends.length
}

test('a larger quota does not make the delay longer', () => {
  const worlds = Array.from({ length: 40 }, (_, index) =>
    [7, 13, 29].map((prime) => 5 * 1.5 ** (((index + 1) * prime) % 13)),
  )
  const delays = [10, 30, 100, 300].map(
    (limit) => worlds.reduce((sum, ends) => sum + meanDelay(limit, ends), 0) / worlds.length,
  )
  for (const [index, delay] of delays.entries())
    expect(delay).toBeLessThanOrEqual(1.05 * (delays[index - 1] ?? Number.POSITIVE_INFINITY))
})

describe('clocks that jump', () => {
  const seen = answers([10, 0], [20, 5], [300, 60])
  test('back do not stop a task: it is checked at once', () => {
    expect(waitOf(seen, NOW - 10 * HOUR)).toBe(0)
  })

  test('forward check each task once, as the quota permits', () => {
    expect(waitOf(seen, NOW + 10 * HOUR)).toBe(0)
  })
})

import { describe, expect, test } from 'vitest'
import type { History, Phase } from './hazard.ts'
import { estimateProgress, remaining, stalledFor } from './progress.ts'

const START = 1_800_000_000_000

/** A task that progresses 1 % per second, seen at these seconds. */
function steady(...seconds: number[]): History {
  return seenAs(seconds.map((at) => [at, at]))
}

function seenAs(answers: [atSeconds: number, progress: number][]): History {
  const seen = answers.map(([at, progress]) => ({
    at: START + at * 1000,
    phase: 'active' as const,
    progress,
  }))
  return { startedAt: START, seen }
}

function at(seconds: number): number {
  return START + seconds * 1000
}

describe('the bar', () => {
  test('moves on a little slower than before', () => {
    expect(estimateProgress(steady(10, 19, 30, 41), at(41))).toBeCloseTo(41, 0)
    expect(estimateProgress(steady(10, 19, 30, 41), at(51))).toBeCloseTo(49.3, 0)
  })

  test('never runs far ahead or past 99', () => {
    expect(estimateProgress(steady(10, 20, 30, 40), at(1000))).toBe(65)
    expect(estimateProgress(steady(30, 60, 90), at(1000))).toBe(99)
    expect(estimateProgress(seenAs([[10, 100]]), at(1000))).toBe(100)
  })

  test('of a task first seen halfway does not run ahead after two responses', () => {
    const seen = seenAs([
      [20, 20],
      [30, 30],
    ]).seen
    expect(estimateProgress({ startedAt: null, seen }, at(33))).toBeLessThanOrEqual(33)
  })

  test('of a task that never moved since it was first seen has the time since then', () => {
    const { seen } = seenAs([
      [0, 42],
      [30, 42],
      [360, 42],
    ])
    expect(stalledFor({ startedAt: null, seen })).toBe(360_000)
    expect(stalledFor({ startedAt: null, seen: seen.slice(0, 2) })).toBeNull()
  })

  test('is null without reported progress', () => {
    expect(estimateProgress({ startedAt: START, seen: [] }, at(10))).toBe(null)
  })
})

describe('the time left', () => {
  test('is a range around the estimate from the speed', () => {
    const range = remaining(steady(10, 20, 30, 40), at(40))
    expect(range?.from).toBeGreaterThan(10)
    expect(range?.from).toBeLessThan(60)
    expect(range?.to).toBeGreaterThan(60)
    expect(range?.to).toBeLessThan(120)
  })

  test('is unknown after a single change', () => {
    expect(remaining(steady(40), at(41))).toBe(null)
    expect(remaining({ startedAt: START, seen: [] }, at(10))).toBe(null)
  })

  test('of a task first seen halfway is based on the changes seen', () => {
    const found = {
      ...seenAs([
        [0, 50],
        [10, 60],
        [20, 70],
      ]),
      startedAt: null,
    }
    const range = remaining(found, at(20))
    expect(range?.from).toBeLessThan(30)
    expect(range?.to).toBeGreaterThan(30)
  })
})

describe('stalledFor', () => {
  const hours = [0, 30, 600, 3600, 7200]
  const standing = (phase: Phase, progress: number | null) =>
    hours.map((seconds) => ({ at: at(seconds), phase, progress }))

  test.each([
    ['waiting at 0', 'idle', 0],
    ['waiting without a number', 'idle', null],
    ['at work without a number', 'active', null],
    ['at work at 0', 'active', 0],
    ['a status that nobody documented', 'unknown', 12],
    ['said to be done to 100 % and still at work', 'active', 100],
  ] as const)('reports a task that is %s for two hours', (_, phase, progress) => {
    const seen = standing(phase, progress)
    expect(stalledFor({ startedAt: null, seen })).toBe(7_200_000)
    expect(stalledFor({ startedAt: null, seen: seen.slice(0, 2) })).toBe(null)
    expect(stalledFor({ startedAt: null, seen: seen.slice(0, 1) })).toBe(null)
    expect(stalledFor({ startedAt: null, seen: [] })).toBe(null)
  })

  test('counts from the start if known, and from the last change', () => {
    const waiting = standing('idle', 0)
    expect(stalledFor({ startedAt: at(-600), seen: waiting })).toBe(7_800_000)
    const unread = { at: at(1800), phase: 'idle', progress: null } as const
    const odd = [...waiting.slice(0, 3), unread, ...waiting.slice(3)]
    expect(stalledFor({ startedAt: null, seen: odd })).toBe(7_200_000)
    const fellBack = [{ at: at(-60), phase: 'active', progress: 40 } as const, ...waiting]
    expect(stalledFor({ startedAt: null, seen: fellBack })).toBe(7_200_000)
  })

  test('reports a stall after a minute without progress', () => {
    const task = seenAs([
      [10, 10],
      [20, 20],
      [30, 30],
      [300, 30],
    ])
    expect(stalledFor(task)).toBeGreaterThan(260_000)
    expect(
      stalledFor(
        seenAs([
          [10, 10],
          [20, 20],
          [30, 30],
          [50, 30],
        ]),
      ),
    ).toBe(null)
  })

  test('ignores a task that always moves in long steps', () => {
    expect(
      stalledFor(
        seenAs([
          [100, 25],
          [200, 50],
          [290, 50],
        ]),
      ),
    ).toBe(null)
  })
})

import { expect, it } from 'vitest'
import type { TaskRecord } from '../../core/record/task-record.ts'
import { OWN_SETTINGS, recordAfter, T0 } from './testing-list.ts'
import { usualDuration } from './usual-duration.ts'

const STANDARD = { model: 'upscayl-standard-4x', scale: { kind: 'known', factor: 4 } } as const

/** A task that was started here and took this long. */
const taking = (ms: number, n = 0): TaskRecord => ({
  ...recordAfter(['processed']),
  startedAt: T0 + n,
  endSeenAt: T0 + n + ms,
})

it('is the range of most tasks', () => {
  const records = [900, 20, 40, 30, 1].map((seconds) => taking(seconds * 1000))
  expect(usualDuration(records, STANDARD)).toEqual({ from: 20_000, to: 40_000 })
})

it('is unknown for other settings, or from two tasks', () => {
  const records = [taking(1000), taking(2000), taking(3000)]
  expect(usualDuration(records, STANDARD)).toEqual({ from: 1000, to: 3000 })
  expect(usualDuration(records, OWN_SETTINGS)).toBeNull()
  expect(usualDuration(records, { ...STANDARD, scale: null })).toBeNull()
  expect(usualDuration(records.slice(1), STANDARD)).toBeNull()
})

it('comes from finished tasks that were started here', () => {
  const records = [
    taking(1000),
    taking(1000),
    { ...taking(1000), startedAt: null },
    { ...taking(1000), endSeenAt: null },
    { ...recordAfter(['failed']), startedAt: T0, endSeenAt: T0 + 5 },
    taking(-1000),
    taking(10 * 3_600_000),
  ]
  expect(usualDuration(records, STANDARD)).toBeNull()
})

it('comes from the newest twenty', () => {
  const records = Array.from({ length: 40 }, (_, n) =>
    taking(n < 20 ? 90_000 : 30_000, n * 100_000),
  )
  expect(usualDuration(records, STANDARD)).toEqual({ from: 30_000, to: 30_000 })
})

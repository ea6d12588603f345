import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SampleName } from '../../core/api/samples.ts'
import { DAY, HOUR } from '../../core/lib/units.ts'
import { creditDays, creditsToday } from './credit-days.ts'
import { ledgerOf } from './ledger.ts'
import { entryAfter } from './testing-list.ts'

let number = 0
const deducted = (at: number, name: SampleName = 'processed') =>
  ledgerOf([entryAfter(`task-${number++}`, [name], at)])

const zone = process.env.TZ
beforeEach(() => {
  process.env.TZ = 'Europe/Berlin'
})
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

const local = (text: string) => new Date(text).getTime()
const NOW = () => local('2026-01-15T15:00')

describe('creditDays', () => {
  it('has every day up to today, with the deductions first seen on it', () => {
    const { days, models, unknown } = creditDays(
      [
        ...deducted(local('2026-01-15T00:00')),
        ...deducted(local('2026-01-14T23:59:59.999')),
        ...deducted(local('2026-01-14T08:00'), 'batch'),
        ...deducted(local('2026-01-02T00:00'), 'many-files'),
        ...deducted(local('2026-01-01T23:59')),
        ...deducted(local('2026-01-16T00:00')),
        ...deducted(NOW(), 'credits-unconfirmed'),
        ...deducted(NOW(), 'enhancing'),
      ],
      NOW(),
    )
    expect(days).toHaveLength(14)
    expect(days[0]).toEqual({
      start: local('2026-01-02T00:00'),
      total: 400,
      byModel: new Map([['upscayl-standard-4x', 400]]),
    })
    expect(days.slice(1, 12).map(({ total }) => total)).toEqual(Array(11).fill(0))
    expect(days[12]).toEqual({
      start: local('2026-01-14T00:00'),
      total: 70,
      byModel: new Map([
        ['upscayl-standard-4x', 10],
        ['nature-boost-4x', 60],
      ]),
    })
    expect(days[13]).toMatchObject({ start: local('2026-01-15T00:00'), total: 10 })
    expect(models).toEqual(['upscayl-standard-4x', 'nature-boost-4x'])
    expect(unknown).toBe(0)
  })

  it('counts deductions without an amount, and supports tasks without a model', () => {
    const [row] = deducted(NOW())
    if (row === undefined) throw new Error('no row')
    const rows = [
      { ...row, amount: null },
      { ...row, model: null },
      { ...row, amount: null, model: null, state: 'unknown' } as const,
    ]
    const { days, models, unknown } = creditDays(rows, NOW(), 1)
    expect(days).toEqual([
      { start: local('2026-01-15T00:00'), total: 10, byModel: new Map([[null, 10]]) },
    ])
    expect(models).toEqual([null])
    expect(unknown).toBe(2)
    expect(creditsToday(rows, NOW()).value).toEqual({ total: 10, unknown: 2 })
  })

  it.each([
    ['Europe/Berlin', '2026-03-30T15:00', 23],
    ['Europe/Berlin', '2026-10-26T15:00', 25],
    ['UTC', '2026-03-30T15:00', 24],
    // Where the clock goes forward at midnight, the day begins at one o'clock.
    ['America/Sao_Paulo', '2018-11-05T15:00', 23],
    ['Pacific/Apia', '2011-12-31T15:00', 24],
  ])('in %s has one row per day up to %s, of which yesterday had %d hours', (tz, text, hours) => {
    process.env.TZ = tz
    const now = local(text)
    const { days } = creditDays([], now, 5)
    const dates = days.map(({ start }) => new Date(start).toDateString())
    expect(new Set(dates).size).toBe(days.length)
    expect(dates.at(-1)).toBe(new Date(now).toDateString())
    const [yesterday, today] = days.slice(-2)
    expect(((today?.start ?? 0) - (yesterday?.start ?? 0)) / HOUR).toBe(hours)
    for (const { start } of days) {
      expect(creditDays(deducted(start), now, 5).days.find((day) => day.total > 0)?.start).toBe(
        start,
      )
      expect(creditDays(deducted(start - 1), now, 6).days.find((day) => day.total > 0)?.start).toBe(
        creditDays([], start - 1, 1).days[0]?.start,
      )
    }
  })
})

describe('creditsToday', () => {
  it.each([
    ['2026-01-15T15:00', 9],
    ['2026-01-15T00:00', 24],
    ['2026-03-29T00:00', 23],
    ['2026-10-25T00:00', 25],
  ])('at %s changes in %d hours, at midnight', (text, hours) => {
    const now = local(text)
    const rows = [...deducted(now), ...deducted(now - DAY)]
    const { value, changesAt } = creditsToday(rows, now)
    expect(value).toEqual({ total: 10, unknown: 0 })
    expect(changesAt).toBe(now + hours * HOUR)
    expect(creditsToday(rows, (changesAt ?? 0) - 1).value.total).toBe(10)
    expect(creditsToday(rows, changesAt ?? 0).value.total).toBe(0)
  })
})

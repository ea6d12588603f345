import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MODELS } from '../../../core/api/models.ts'
import { amountOf, gridlines, seriesOf } from './chart-series.ts'

const IDS = Object.keys(MODELS)

describe('gridlines', () => {
  it.each([
    [0, []],
    [1, [1]],
    [3, [1, 2, 3]],
    [7, [2, 4, 6]],
    [34, [10, 20, 30]],
    [99, [30, 60, 90]],
    [0.5, [0.2, 0.4]],
    [1_234_567, [500_000, 1_000_000]],
  ])('up to %d: %o', (most, lines) => {
    expect(gridlines(most)).toEqual(lines)
  })

  it('are at most three, at least two from two credits on, none above the maximum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1e12 }), (most) => {
        const lines = gridlines(most)
        expect(lines.length).toBeGreaterThanOrEqual(2)
        expect(lines.length).toBeLessThanOrEqual(3)
        expect(Math.max(...lines)).toBeLessThanOrEqual(most)
      }),
    )
  })
})

describe('series', () => {
  it('has five colours at most, and one more for all others', () => {
    const series = seriesOf([...IDS, null])
    expect(series).toHaveLength(6)
    expect(series[5]).toMatchObject({ name: '8 other models', color: 'bg-chart-other' })
    expect(series.flatMap(({ models }) => models)).toEqual([...IDS, null])
    expect(new Set(series.map(({ color }) => color)).size).toBe(6)
  })

  it('names a single remaining model', () => {
    expect(seriesOf([...IDS.slice(0, 5), null])[5]?.name).toBe('Model not reported')
  })

  it('keeps the colours of models that change places', () => {
    const [a = '', b = ''] = IDS
    const colors = (list: readonly string[]) =>
      new Map(seriesOf(list).map(({ name, color }) => [name, color]))
    expect(colors([a, b])).toEqual(colors([b, a]))
  })

  it('adds up the credits of its models', () => {
    const day = { start: 0, total: 6, byModel: new Map([['a', 1] as const, [null, 5] as const]) }
    expect(amountOf(day, { models: ['a', null, 'b'] })).toBe(6)
  })
})

import { describe, expect, it } from 'vitest'
import { type FaviconState, faviconSvg, groupTitle } from './signal.tsx'

describe('the title', () => {
  const nothing = { running: 0, percent: null, left: null, done: 0, partly: 0, failed: 0 }
  it.each([
    [nothing, 'Loupe'],
    [{ ...nothing, running: 3, percent: 42.9 }, '42% · 3 running · Loupe'],
    [{ ...nothing, running: 1200, percent: null }, '1,200 running · Loupe'],
    [{ ...nothing, running: 1, percent: 0 }, '0% · 1 running · Loupe'],
    [{ ...nothing, running: 3, percent: 42, left: '~20 s' }, '42% · ~20 s · 3 running · Loupe'],
    [{ ...nothing, left: '~20 s', done: 1 }, '1 done · Loupe'],
    [
      { ...nothing, running: 2, percent: 99.9, done: 4, failed: 1 },
      '99% · 2 running · 1 failed · Loupe',
    ],
    [{ ...nothing, done: 2, partly: 1 }, '2 done · 1 partly failed · Loupe'],
    [{ ...nothing, running: 1, done: 2, partly: 1 }, '1 running · 1 partly failed · Loupe'],
    [{ ...nothing, percent: 50, done: 2, failed: 1 }, '2 done · 1 failed · Loupe'],
  ])('%o: %s', (facts, title) => {
    expect(groupTitle(facts)).toBe(title)
  })
})

describe('the icon', () => {
  const arc = (percent: number | null) =>
    Number(/stroke-dasharray="([\d.]+) /.exec(faviconSvg(percent, 'running') ?? '')?.[1])

  it('is the default one while there is nothing to report', () => {
    expect(faviconSvg(42, 'idle')).toBeNull()
  })

  it('fills proportionally', () => {
    expect(arc(50)).toBeCloseTo(2 * arc(25), 1)
    expect(arc(100)).toBeCloseTo(2 * Math.PI * 12, 1)
    expect(arc(0)).toBeNaN()
  })

  it('changes only with whole percents, and stays a ring outside of 0 to 100', () => {
    expect(faviconSvg(42, 'running')).toBe(faviconSvg(42.99, 'running'))
    expect(faviconSvg(42, 'running')).not.toBe(faviconSvg(43, 'running'))
    expect(faviconSvg(-5, 'running')).toBe(faviconSvg(0, 'running'))
    expect(faviconSvg(250, 'running')).toBe(faviconSvg(100, 'running'))
  })

  it('has a shape for each state, and one for unknown progress', () => {
    const states = ['running', 'done', 'failed'] as const satisfies FaviconState[]
    const shapes = states.map((state) =>
      faviconSvg(null, state)?.replaceAll(/#[\da-f]+/g, 'colour'),
    )
    expect(new Set(shapes).size).toBe(states.length)
    expect(shapes[0]).not.toBe(faviconSvg(0, 'running')?.replaceAll(/#[\da-f]+/g, 'colour'))
    for (const shape of shapes) expect(shape).toMatch(/^<svg xmlns.*<\/svg>$/)
  })
})

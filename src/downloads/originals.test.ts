import { describe, expect, it } from 'vitest'
import { keepOriginals, type Original, originalsOf } from './originals.ts'

const file = (name: string): Original => ({ kind: 'file', file: new File(['x'], name) })

describe('the originals of a task', () => {
  it('are kept as the files themselves, not as copies, for its task', () => {
    const [one, other, third] = [file('one.png'), file('other.png'), file('third.png')]
    keepOriginals('a', [one])
    keepOriginals('b', [other, third])
    expect(originalsOf('a')).toEqual([one])
    expect(originalsOf('b')[1]).toBe(third)
    expect(originalsOf('c')).toEqual([])
  })

  it('are kept for the last 500 tasks', () => {
    const all = Array.from({ length: 501 }, (_, n) => [file(`${n}.png`)])
    for (const [n, one] of all.entries()) keepOriginals(`t${n}`, one)
    expect(originalsOf('t0')).toEqual([])
    expect(originalsOf('t1')).toBe(all[1])
    // Keeping them again moves them to the end.
    keepOriginals('t1', [file('again.png')])
    keepOriginals('t501', [file('501.png')])
    expect(originalsOf('t1')).toHaveLength(1)
    expect(originalsOf('t2')).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { keepOriginal, originalOf } from './originals.ts'

const file = (name: string) => new File(['x'], name)

describe('the original of a task', () => {
  it('is kept as the file itself, not as a copy, for its task', () => {
    const [one, other] = [file('one.png'), file('other.png')]
    keepOriginal('a', one)
    keepOriginal('b', other)
    expect(originalOf('a')).toBe(one)
    expect(originalOf('b')).toBe(other)
    expect(originalOf('c')).toBeNull()
  })

  it('is kept for the last twenty tasks', () => {
    const all = Array.from({ length: 21 }, (_, n) => file(`${n}.png`))
    for (const [n, one] of all.entries()) keepOriginal(`t${n}`, one)
    expect(originalOf('t0')).toBeNull()
    expect(originalOf('t1')).toBe(all[1])
    expect(originalOf('t20')).toBe(all[20])
    // Keeping it again moves it to the end.
    keepOriginal('t1', file('again.png'))
    keepOriginal('t21', file('21.png'))
    expect(originalOf('t1')?.name).toBe('again.png')
    expect(originalOf('t2')).toBeNull()
  })
})

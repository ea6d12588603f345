import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasUnsafe, safeText } from './safe-text.ts'

describe('safeText', () => {
  it.each([
    ['plain', 'plain'],
    ['風景写真 – été №7 🌄', '風景写真 – été №7 🌄'],
    ['\u202egnp.exe', '\ufffdgnp.exe'],
    ['two\nlines\u0000', 'two\ufffdlines\ufffd'],
    ['\u061cx\u2066', '\ufffdx\ufffd'],
  ])('%j is shown as %j', (text, shown) => {
    expect(safeText(text, 100)).toBe(shown)
  })

  it('never returns unsafe characters or exceeds the maximum length', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 1, max: 50 }),
        (text, longest) => {
          const safe = safeText(text, longest)
          expect(hasUnsafe(safe)).toBe(false)
          expect(safe.length).toBeLessThanOrEqual(longest)
          expect(safeText(safe, longest)).toBe(safe)
        },
      ),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeRoom, mergeEntries } from './merge.ts'
import { groupOf } from './row.ts'
import { anyEntries, anyEntry, entryAfter, STEP, T0 } from './testing.ts'

const anyTwo = fc.tuple(anyEntry, anyEntry).map(([a, b]) => [a, { ...b, id: a.id }] as const)

describe('mergeEntries', () => {
  it('takes the record with more questions, and the earlier addition', () => {
    const known = entryAfter('a', ['processing', 'enhancing'], T0)
    const incoming = entryAfter('a', ['processing', 'enhancing', 'processed'], T0 - 10 * STEP)
    const merged = mergeEntries(known, incoming)
    expect(merged).toEqual(incoming)
    expect(mergeEntries(incoming, known)).toEqual(merged)
  })

  it('takes the later question of as many', () => {
    const known = entryAfter('a', ['processing'], T0)
    const incoming = entryAfter('a', ['enhancing'], T0 + 1)
    expect(mergeEntries(known, incoming).record.task?.kind).toBe('enhancing')
    expect(mergeEntries(incoming, known).record.task?.kind).toBe('enhancing')
  })

  it.each([
    [['error-404', 'error-404'], 'processing'],
    [['error-404', 'error-404'], 'processed'],
    [['processing', 'enhancing'], 'processed'],
    [['processing', 'enhancing'], 'failed'],
  ] as const)('keeps what %j has not seen: %s', (often, once) => {
    const other = entryAfter('a', [once])
    const merged = mergeEntries(entryAfter('a', often), other)
    expect(merged.record).toMatchObject({ questions: 2, task: other.record.task })
    expect(merged.record.seenAt).toBe(T0)
  })

  it('keeps the end beside a refusal, and what was refused', () => {
    const refused = entryAfter('a', ['error-401', 'error-401'])
    const merged = mergeEntries(refused, entryAfter('a', ['processed']))
    expect(groupOf(merged)).toBe('done')
    expect(merged.record.failure).toEqual(refused.record.failure)
    expect(merged.record.receipt).toEqual({ question: 1, at: T0, odd: [] })
  })

  it('keeps how it was started, whichever of the two knows', () => {
    const start = { startedAt: T0 - STEP, announced: 10 }
    const known = entryAfter('a', [], T0, start)
    const incoming = entryAfter('a', ['enhancing'], T0)
    expect(mergeEntries(known, incoming).record).toMatchObject({ ...start, questions: 1 })
    expect(mergeEntries(incoming, known).record).toMatchObject({ ...start, questions: 1 })
  })

  it('never loses a receipt', () => {
    fc.assert(
      fc.property(anyTwo, ([a, b]) => {
        const { receipt } = mergeEntries(a, b).record
        const ats = [a, b].flatMap((it) => it.record.receipt.at ?? [])
        expect(receipt.at).toBe(ats.length === 0 ? null : Math.min(...ats))
        expect(receipt.question === null).toBe(receipt.at === null)
        const odd = new Set([...a.record.receipt.odd, ...b.record.receipt.odd])
        expect(new Set(receipt.odd)).toEqual(odd)
      }),
    )
  })

  it('is the same in either order, and once or twice', () => {
    fc.assert(
      fc.property(anyTwo, ([a, b]) => {
        const [ab, ba] = [mergeEntries(a, b), mergeEntries(b, a)]
        const tie =
          a.record.questions === b.record.questions && a.record.askedAt === b.record.askedAt
        if (!tie) expect(ab).toEqual(ba)
        expect(ab.addedAt).toBe(ba.addedAt)
        expect(ab.record.questions).toBe(ba.record.questions)
        expect(mergeEntries(ab, b)).toEqual(ab)
        expect(mergeEntries(ab, a)).toEqual(ab)
        expect(mergeEntries(a, a)).toEqual(a)
      }),
    )
  })
})

describe('makeRoom', () => {
  it('lets the oldest finished go first, and none that may run', () => {
    const entries = [
      entryAfter('running', ['enhancing'], T0 - 9 * STEP),
      entryAfter('failed', ['failed'], T0 - 2 * STEP),
      entryAfter('done', ['processed'], T0 - 3 * STEP),
      entryAfter('new', [], T0 - 9 * STEP),
      entryAfter('refused', ['error-404'], T0 - 1 * STEP),
    ]
    const ids = (most: number) => {
      const { kept, left } = makeRoom(entries, most)
      return [kept.map(({ id }) => id).join(' '), left.map(({ id }) => id).join(' ')]
    }
    expect(ids(5)).toEqual(['running failed done new refused', ''])
    expect(ids(4)).toEqual(['running failed new refused', 'done'])
    expect(ids(3)).toEqual(['running new refused', 'done failed'])
    expect(ids(0)).toEqual(['running new', 'done failed refused'])
  })

  it('loses nothing', () => {
    fc.assert(
      fc.property(anyEntries, fc.integer({ min: -1, max: 14 }), (entries, most) => {
        const { kept, left } = makeRoom(entries, most)
        expect([...kept, ...left].map(({ id }) => id).sort()).toEqual(
          entries.map(({ id }) => id).sort(),
        )
        expect(left.length).toBeLessThanOrEqual(Math.max(0, entries.length - most))
        expect(left.map(groupOf)).not.toContain('running')
        expect(left.map(groupOf)).not.toContain('new')
      }),
    )
  })

  it('hands back the list itself where all have room', () => {
    const entries = [entryAfter('a', []), entryAfter('b', [])]
    expect(makeRoom(entries, 2).kept).toBe(entries)
    expect(makeRoom([], 0).left).toEqual([])
  })
})

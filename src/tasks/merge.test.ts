import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeRoom, mergeEntries } from './merge.ts'
import { groupOf } from './task-group.ts'
import { anyEntries, anyEntry, entryAfter, STEP, T0, THUMB, UPLOAD } from './testing-list.ts'
import { withUpload } from './tracked-task.ts'

const anyTwo = fc.tuple(anyEntry, anyEntry).map(([a, b]) => [a, { ...b, id: a.id }] as const)

describe('mergeEntries', () => {
  it('takes the record with more requests, and the earlier addition', () => {
    const known = entryAfter('a', ['processing', 'enhancing'], T0)
    const incoming = entryAfter('a', ['processing', 'enhancing', 'processed'], T0 - 10 * STEP)
    const merged = mergeEntries(known, incoming)
    expect(merged).toEqual(incoming)
    expect(mergeEntries(incoming, known)).toEqual(merged)
  })

  it('takes the later request if both have as many', () => {
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
  ] as const)('keeps what is missing after %j: %s', (often, once) => {
    const other = entryAfter('a', [once])
    const merged = mergeEntries(entryAfter('a', often), other)
    expect(merged.record).toMatchObject({ requestCount: 2, task: other.record.task })
    expect(merged.record.seenAt).toBe(T0)
  })

  it('keeps both the end and a rejection', () => {
    const refused = entryAfter('a', ['error-401', 'error-401'])
    const merged = mergeEntries(refused, entryAfter('a', ['processed']))
    expect(groupOf(merged)).toBe('done')
    expect(merged.record.failure).toEqual(refused.record.failure)
    expect(merged.record.deduction).toEqual({ requestNumber: 1, at: T0, anomalies: [] })
  })

  it('keeps the start from either entry', () => {
    const start = { startedAt: T0 - STEP, quotedCredits: 10 }
    const known = entryAfter('a', [], T0, start)
    const incoming = entryAfter('a', ['enhancing'], T0)
    expect(mergeEntries(known, incoming).record).toMatchObject({ ...start, requestCount: 1 })
    expect(mergeEntries(incoming, known).record).toMatchObject({ ...start, requestCount: 1 })
  })

  it('keeps the upload and the thumbnail from either entry', () => {
    const upload = withUpload(entryAfter('a', []), UPLOAD)
    const incoming = { ...entryAfter('a', ['enhancing'], T0 + 1), thumb: THUMB }
    for (const merged of [mergeEntries(upload, incoming), mergeEntries(incoming, upload)])
      expect(merged).toMatchObject({ ...UPLOAD, thumb: THUMB })
  })

  it('never loses a receipt', () => {
    fc.assert(
      fc.property(anyTwo, ([a, b]) => {
        const { deduction } = mergeEntries(a, b).record
        const ats = [a, b].flatMap((it) => it.record.deduction.at ?? [])
        expect(deduction.at).toBe(ats.length === 0 ? null : Math.min(...ats))
        expect(deduction.requestNumber === null).toBe(deduction.at === null)
        const odd = new Set([...a.record.deduction.anomalies, ...b.record.deduction.anomalies])
        expect(new Set(deduction.anomalies)).toEqual(odd)
      }),
    )
  })

  it('is commutative and idempotent', () => {
    fc.assert(
      fc.property(anyTwo, ([a, b]) => {
        const [ab, ba] = [mergeEntries(a, b), mergeEntries(b, a)]
        const tie =
          a.record.requestCount === b.record.requestCount &&
          a.record.requestedAt === b.record.requestedAt
        if (!tie) expect(ab).toEqual(ba)
        expect(ab.addedAt).toBe(ba.addedAt)
        expect(ab.record.requestCount).toBe(ba.record.requestCount)
        expect(mergeEntries(ab, b)).toEqual(ab)
        expect(mergeEntries(ab, a)).toEqual(ab)
        expect(mergeEntries(a, a)).toEqual(a)
      }),
    )
  })
})

describe('makeRoom', () => {
  it('removes the oldest finished first, and none that may run', () => {
    const entries = [
      entryAfter('running', ['enhancing'], T0 - 9 * STEP),
      entryAfter('failed', ['failed'], T0 - 2 * STEP),
      entryAfter('done', ['processed'], T0 - 3 * STEP),
      entryAfter('new', [], T0 - 9 * STEP),
      entryAfter('refused', ['error-404'], T0 - 1 * STEP),
    ]
    const ids = (most: number) => makeRoom(entries, most).map(({ id }) => id)
    expect(ids(5)).toEqual([])
    expect(ids(4)).toEqual(['done'])
    expect(ids(3)).toEqual(['done', 'failed'])
    expect(ids(0)).toEqual(['done', 'failed', 'refused'])
  })

  it('removes no more than necessary', () => {
    fc.assert(
      fc.property(anyEntries, fc.integer({ min: -1, max: 14 }), (entries, most) => {
        const leaving = makeRoom(entries, most)
        expect(new Set(entries)).toEqual(new Set([...entries, ...leaving]))
        expect(leaving.length).toBeLessThanOrEqual(Math.max(0, entries.length - most))
        expect(leaving.map(groupOf)).not.toContain('running')
        expect(leaving.map(groupOf)).not.toContain('new')
      }),
    )
  })
})

import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  annotate,
  annotationSchema,
  cleanLabels,
  cleanNote,
  countLabels,
  MAX_LABELS,
  MAX_NOTE_LENGTH,
  mergeAnnotations,
} from './annotation.ts'
import { T0 } from './testing-list.ts'

const anyTexts = fc.array(fc.string({ unit: 'binary' }), { maxLength: 40 })

describe('an annotation', () => {
  it('is read within bounds, whatever is stored', () => {
    fc.assert(
      fc.property(anyTexts, fc.string({ unit: 'binary' }), (labels, note) => {
        const read = v.parse(annotationSchema, { labels, note, changedAt: T0 })
        expect(read.labels.length).toBeLessThanOrEqual(MAX_LABELS)
        expect(v.parse(annotationSchema, read)).toEqual(read)
      }),
    )
    expect(cleanNote('x'.repeat(9_000))).toHaveLength(MAX_NOTE_LENGTH)
  })

  it('has each label once, in order, safe to display', () => {
    const labels = [' print  run ', 'Print run', '10', '9', '', 'a\u202eb']
    expect(cleanLabels(labels)).toEqual(['9', '10', 'a\ufffdb', 'print run'])
    expect(cleanNote(' one \r\n\n two\u200b ')).toBe('one\n\ntwo\ufffd')
  })

  it('changes only by an edit that changes something', () => {
    const first = annotate(null, { add: ['Print'], remove: [], note: 'Check skin' }, T0)
    expect(first).toEqual({ labels: ['Print'], note: 'Check skin', changedAt: T0 })
    expect(annotate(first, { add: ['print'], remove: ['other'] }, T0 + 1)).toBe(first)
    expect(annotate(null, { add: [], remove: ['Print'], note: ' ' }, T0)).toBeNull()
    // A clock that was set back does not let the older version win.
    const second = annotate(first, { add: ['client'], remove: ['PRINT'] }, T0 - 9)
    expect(second).toEqual({ labels: ['client'], note: 'Check skin', changedAt: T0 + 1 })
  })

  it('is the later one of two, in either order', () => {
    const one = { labels: ['a'], note: '', changedAt: T0 }
    const later = { labels: [], note: '', changedAt: T0 + 1 }
    const same = { labels: ['b'], note: '', changedAt: T0 }
    expect(mergeAnnotations(one, null)).toBe(one)
    expect(mergeAnnotations(one, later)).toBe(later)
    expect(mergeAnnotations(later, one)).toBe(later)
    expect(mergeAnnotations(one, same)).toEqual(mergeAnnotations(same, one))
  })
})

it('counts labels, the most frequent first', () => {
  const entries = [['b', 'a'], ['b'], null, ['c']].map((labels) => ({
    annotation: labels && { labels, note: '', changedAt: T0 },
  }))
  expect([...countLabels(entries)]).toEqual([
    ['b', 2],
    ['a', 1],
    ['c', 1],
  ])
})

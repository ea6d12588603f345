import { describe, expect, it } from 'vitest'
import { recordAfter, T0 } from '../../src/tasks/testing-list.ts'
import { EMPTY_RECORD, mergeRemoteRecord, withStart } from './task-record.ts'

const START = { startedAt: T0, quotedCredits: 10 }

describe('a record from another tab', () => {
  it('is used if it has more requests, and ignored otherwise', () => {
    const [less, more] = [recordAfter(['enhancing']), recordAfter(['enhancing', 'processed'])]
    expect(mergeRemoteRecord(less, more)).toBe(more)
    expect(mergeRemoteRecord(more, less)).toBe(more)
    expect(mergeRemoteRecord(more, { ...more })).toBe(more)
  })

  it('is ignored if it is restored, without file links', () => {
    const own = recordAfter(['processed'])
    const remote = { ...recordAfter(['enhancing', 'processed']), restored: true }
    expect(mergeRemoteRecord(own, remote)).toBe(own)
  })

  it('contributes the start, whichever has more requests', () => {
    const [less, more] = [recordAfter(['enhancing']), recordAfter(['enhancing', 'processed'])]
    expect(mergeRemoteRecord(EMPTY_RECORD, withStart(EMPTY_RECORD, START))).toMatchObject(START)
    expect(mergeRemoteRecord(more, withStart(less, START))).toEqual({ ...more, ...START })
    expect(mergeRemoteRecord(withStart(less, START), more)).toEqual({ ...more, ...START })
  })
})

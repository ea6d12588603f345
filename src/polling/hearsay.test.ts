import { describe, expect, it } from 'vitest'
import { recordAfter, T0 } from '../watchlist/testing.ts'
import { afterHearing } from './hearsay.ts'
import { UNASKED, withStart } from './task-record.ts'

const START = { startedAt: T0, announced: 10 }

describe('what another tab says of a task', () => {
  it('counts where it was asked more often, and is no news otherwise', () => {
    const [less, more] = [recordAfter(['enhancing']), recordAfter(['enhancing', 'processed'])]
    expect(afterHearing(less, more)).toBe(more)
    expect(afterHearing(more, less)).toBe(more)
    expect(afterHearing(more, { ...more })).toBe(more)
  })

  it('does not count where it is remembered, without the links to files', () => {
    const own = recordAfter(['processed'])
    const said = { ...recordAfter(['enhancing', 'processed']), recalled: true }
    expect(afterHearing(own, said)).toBe(own)
  })

  it('brings the start of it, whoever asked more often', () => {
    const [less, more] = [recordAfter(['enhancing']), recordAfter(['enhancing', 'processed'])]
    expect(afterHearing(UNASKED, withStart(UNASKED, START))).toMatchObject(START)
    expect(afterHearing(more, withStart(less, START))).toEqual({ ...more, ...START })
    expect(afterHearing(withStart(less, START), more)).toEqual({ ...more, ...START })
  })
})

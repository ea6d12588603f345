import { expect, it } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import type { PlannedCheck } from '../../core/schedule/schedule.ts'
import { MAX_AT_ONCE, nextRequests } from './planned-checks.ts'

const NOW = 1_000_000
const due = (at: number): PlannedCheck => ({ kind: 'ask', at, why: 'due' })
const WAITING: PlannedCheck = { kind: 'waiting', why: 'in-flight' }

const next = (plan: Readonly<Record<string, PlannedCheck>>, lookedAt = '') => {
  const followed = new Map(Object.keys(plan).map((id) => [id, id as TaskId]))
  followed.delete('of nobody')
  return [...nextRequests(new Map(Object.entries(plan)), followed, (id) => id === lookedAt, NOW)]
}

it('returns the soonest planned checks, up to the maximum in flight', () => {
  const plan = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`t${n}`, due(NOW - n)]))
  const found = next(plan)
  expect(found).toHaveLength(MAX_AT_ONCE)
  expect(found[0]).toEqual(['t1999', NOW - 1999])
})

it('subtracts all requests in flight', () => {
  const plan = { a: WAITING, b: WAITING, 'of nobody': WAITING, c: due(NOW), d: due(NOW) }
  expect(next(plan)).toEqual([['c', NOW]])
  const waiting = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`w${n}`, WAITING]))
  expect(next({ ...waiting, c: due(NOW) })).toEqual([])
})

it('excludes tasks that are never checked or not followed', () => {
  expect(next({ a: { kind: 'never', why: 'settled' }, 'of nobody': due(NOW) })).toEqual([])
})

it('puts a visible task first once it is due, and not before', () => {
  const plan = { a: due(NOW - 5), b: due(NOW - 4), c: due(NOW - 3), d: due(NOW - 2), e: due(NOW) }
  expect(next(plan, 'e').map(([id]) => id)).toEqual(['e', 'a', 'b', 'c'])
  const later = { ...plan, e: due(NOW + 1), f: due(NOW) }
  expect(next(later, 'e').map(([id]) => id)).toEqual(['a', 'b', 'c', 'd'])
})

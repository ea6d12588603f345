import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ledgerOf } from './ledger.ts'
import { MAX_SPENT, readSpent, toStoredRow } from './stored-spending.ts'
import { anyEntries, asId, entryAfter, T0 } from './testing-list.ts'

it('survives a round trip', () => {
  fc.assert(
    fc.property(anyEntries, (entries) => {
      const rows = ledgerOf(entries)
      const { spent, surplus } = readSpent(structuredClone(rows.map(toStoredRow)))
      expect(new Map(spent)).toEqual(new Map(rows.map((row) => [row.taskId, row])))
      expect(surplus).toEqual([])
    }),
  )
})

it('ignores what it cannot parse', () => {
  fc.assert(
    fc.property(fc.array(fc.anything()), (garbage) => {
      expect(readSpent(garbage).spent.size).toBe(0)
    }),
  )
})

it('keeps the newest deductions if there are too many', () => {
  const [row] = ledgerOf([entryAfter('a', ['processed'])])
  const many = Array.from({ length: MAX_SPENT + 2 }, (_, n) => ({
    version: 1,
    ...row,
    taskId: asId(`t${n}`),
    at: T0 + n,
  }))
  const { spent, surplus } = readSpent(many)
  expect(spent.size).toBe(MAX_SPENT)
  expect(surplus.toSorted()).toEqual(['t0', 't1'])
})

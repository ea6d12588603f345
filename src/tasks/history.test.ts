import { expect, it } from 'vitest'
import type { HistoryTask } from '../../core/api/history.ts'
import { parseTask } from '../../core/api/wire.ts'
import { recordResponse } from '../../core/record/record-response.ts'
import { entryOf, reviewHistory } from './history.ts'
import { ledgerOf, totals } from './ledger.ts'
import { groupOf } from './task-group.ts'
import { taskSettings, taskTitle } from './task-title.ts'
import { asId, T0 } from './testing-list.ts'
import { newTrackedTask, readStored, toStored } from './tracked-task.ts'

const found = (id: string, data: object | null = null): HistoryTask => {
  const task = data === null ? null : parseTask({ status: 'success', data })
  return { id: asId(id), createdAt: T0, task: task?.ok ? task.value : null }
}
/** When the history came. */
const AT = T0 + 5000
const done = { status: 'PROCESSED', creditsDeducted: false, deductedCredits: 10 }

it('tells new tasks from those of the list, each once, and newest first', () => {
  const tasks = ['a', 'b', 'c', 'b', 'd'].map((id) => found(id))
  const review = (room: number) => {
    const { fresh, ...rest } = reviewHistory(tasks, (id) => id === 'c', room)
    return { fresh: fresh.map(({ id }) => id), ...rest }
  }
  expect(review(9)).toEqual({
    fresh: ['a', 'b', 'd'],
    known: 1,
    tooMany: 0,
    checks: 3,
    unpaid: null,
  })
  expect(review(2)).toEqual({ fresh: ['a', 'b'], known: 1, tooMany: 1, checks: 2, unpaid: null })
  expect(review(-3)).toEqual({ fresh: [], known: 1, tooMany: 3, checks: 0, unpaid: null })
})

it('says what the first check of finished tasks deducts', () => {
  const unpaid = (...tasks: HistoryTask[]) => reviewHistory(tasks, (id) => id === 'known', 2).unpaid
  const paid = found('paid', { ...done, creditsDeducted: true })
  const failed = found('failed', { ...done, status: 'PROCESSING_FAILED' })
  expect(unpaid(paid, failed, found('known', done))).toBeNull()
  expect(unpaid(found('a', done), found('b', done), found('no room', done))).toEqual({
    count: 2,
    credits: 20,
  })
  expect(unpaid(found('a', { ...done, deductedCredits: null }), found('b', done))).toEqual({
    count: 2,
    credits: null,
  })
})

it('becomes an entry with name, time and state, and without a check', () => {
  const files = [{ originalFileName: 'tram.jpg', downloadLink: 'https://a.example/1' }, {}]
  const entry = entryOf(found('a', { ...done, files, model: 'nature-boost-4x', scale: 2 }), AT)
  expect(taskTitle(entry)).toBe('tram.jpg + 1 more')
  expect(taskSettings(entry)).toMatchObject({ model: 'nature-boost-4x' })
  expect(groupOf(entry)).toBe('done')
  expect(entry).toMatchObject({ addedAt: T0, record: { requestCount: 0, seenAt: AT } })
  expect(JSON.stringify(toStored(entry))).not.toContain('https:')
  expect(readStored(JSON.parse(JSON.stringify(toStored(entry))))).toMatchObject({ entry })
  expect(entryOf({ ...found('a'), createdAt: null }, AT)).toEqual(newTrackedTask(asId('a'), AT))
})

it('is checked unless its end and its charge are sure', () => {
  const checks = (data: object) =>
    reviewHistory([found('a', { ...done, ...data })], () => false, 9).checks
  expect(checks({ creditsDeducted: true })).toBe(0)
  expect(checks({ status: 'PROCESSING_FAILED' })).toBe(0)
  expect(checks({ creditsDeducted: false })).toBe(1)
  expect(checks({ creditsDeducted: null })).toBe(1)
  expect(checks({ status: 'ENHANCING', progress: '40' })).toBe(1)
})

it('counts a deduction without a time, which later checks do not move to their day', () => {
  const paid = { ...done, creditsDeducted: true }
  const { record, ...entry } = entryOf(found('a', paid), AT)
  const again = (data: object) => {
    const task = parseTask({ status: 'success', data })
    const rest = { unsent: false, serverCache: null, rateLimit: null, notBefore: null }
    const response = { ...rest, balance: null, serverTime: null, result: task }
    if (!task.ok) throw new Error(task.error)
    return recordResponse(record, { ...response, result: task }, AT + 1, AT + 2)
  }
  for (const known of [record, again(paid)]) {
    const rows = ledgerOf([{ ...entry, record: known }])
    expect(rows).toMatchObject([{ state: 'deducted', amount: 10, at: null, anomalies: [] }])
    expect(totals(rows)).toMatchObject({ deducted: 10 })
  }
  expect(again({ ...paid, deductedCredits: 20 }).deduction.anomalies).toEqual(['amount-changed'])
  expect(again({ ...paid, creditsDeducted: false }).deduction.anomalies).toEqual(['flag-went-back'])
})

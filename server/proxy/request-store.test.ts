import { expect, onTestFinished, test } from 'vitest'
import { DAY } from '../../core/lib/units.ts'
import { openDatabase } from '../node/database.ts'
import { createMemoryStore, type StoredResponse } from './idempotent-requests.ts'
import { createRequestStore, START_MIGRATIONS } from './request-store.ts'

const ANSWER: StoredResponse = {
  status: 201,
  headers: [['content-type', 'application/json']],
  body: '{"taskId":"a"}',
}

function database() {
  const db = openDatabase(':memory:', START_MIGRATIONS)
  onTestFinished(() => db.close())
  return db
}

test.each([
  ['a database', (now: () => number) => createRequestStore(database(), now)],
  ['memory', createMemoryStore],
])('in %s, a start is kept for a day after it was last recorded', (_, open) => {
  let at = 0
  const store = open(() => at)
  expect(store.get('a')).toBeUndefined()
  expect(store.record('a')).toBeUndefined()
  expect([store.get('a'), store.record('a')]).toEqual([null, null])
  at = DAY / 2
  store.set('a', ANSWER)
  store.set('b', ANSWER)
  store.delete('b')
  at = DAY / 2 + DAY - 1
  expect([store.get('a'), store.record('a')]).toEqual([ANSWER, ANSWER])
  expect(store.get('b')).toBeUndefined()
  at++
  expect(store.get('a')).toBeUndefined()
  expect(store.record('a')).toBeUndefined()
})

test('a damaged entry counts as sent; old ones are deleted', () => {
  const db = database()
  let at = 0
  const store = createRequestStore(db, () => at)
  store.set('a', ANSWER)
  db.run("UPDATE starts SET answer = '{'")
  expect(store.get('a')).toBeNull()
  at = DAY
  store.record('b')
  expect(db.all('SELECT id FROM starts')).toEqual([{ id: 'b' }])
})

test('beyond the maximum, the oldest are deleted', () => {
  const db = database()
  let at = 0
  const store = createRequestStore(db, () => at++, 3)
  for (const id of ['a', 'b', 'c', 'd', 'e']) store.record(id)
  expect(db.all('SELECT id FROM starts')).toEqual([{ id: 'c' }, { id: 'd' }, { id: 'e' }])
})

import { expect, onTestFinished, test } from 'vitest'
import { DAY } from '../../src/lib/units.ts'
import { openDatabase } from '../database.ts'
import { createStartStore, START_MIGRATIONS } from './start-store.ts'
import { type KeptAnswer, startsInMemory } from './starts.ts'

const ANSWER: KeptAnswer = {
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
  ['a database', (now: () => number) => createStartStore(database(), now)],
  ['memory', startsInMemory],
])('in %s, a start is kept for a day from when it was noted last', (_, open) => {
  let at = 0
  const store = open(() => at)
  expect(store.find('a')).toBeUndefined()
  expect(store.note('a')).toBeUndefined()
  expect([store.find('a'), store.note('a')]).toEqual([null, null])
  at = DAY / 2
  store.keep('a', ANSWER)
  store.keep('b', ANSWER)
  store.forget('b')
  at = DAY / 2 + DAY - 1
  expect([store.find('a'), store.note('a')]).toEqual([ANSWER, ANSWER])
  expect(store.find('b')).toBeUndefined()
  at++
  expect(store.find('a')).toBeUndefined()
  expect(store.note('a')).toBeUndefined()
})

test('what is damaged was sent all the same; what is old leaves', () => {
  const db = database()
  let at = 0
  const store = createStartStore(db, () => at)
  store.keep('a', ANSWER)
  db.run("UPDATE starts SET answer = '{'")
  expect(store.find('a')).toBeNull()
  at = DAY
  store.note('b')
  expect(db.all('SELECT id FROM starts')).toEqual([{ id: 'b' }])
})

test('beyond the most, those noted longest ago leave', () => {
  const db = database()
  let at = 0
  const store = createStartStore(db, () => at++, 3)
  for (const id of ['a', 'b', 'c', 'd', 'e']) store.note(id)
  expect(db.all('SELECT id FROM starts')).toEqual([{ id: 'c' }, { id: 'd' }, { id: 'e' }])
})

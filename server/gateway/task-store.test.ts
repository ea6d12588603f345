import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DAY } from '../../src/lib/units.ts'
import { recordAnswer, UNASKED } from '../../src/polling/task-record.ts'
import { readAnswer } from '../../src/upscayl/read-answer.ts'
import { SAMPLE_NAMES, SAMPLES } from '../../src/upscayl/samples.ts'
import type { TaskId } from '../../src/upscayl/task-id.ts'
import { openDatabase } from '../database.ts'
import type { KeptAnswer, Remembered } from './remembered.ts'
import { createTaskStore, TASK_MIGRATIONS } from './task-store.ts'

const START = Date.UTC(2026, 0, 1, 12)

function open() {
  let at = START
  const db = openDatabase(':memory:', TASK_MIGRATIONS)
  const store = createTaskStore(db, () => at)
  const pass = (ms: number) => {
    at += ms
  }
  return { db, store, pass }
}

const id = (text: string) => text as TaskId
const kept = (body: string): KeptAnswer => ({
  status: 200,
  contentType: 'application/json',
  date: new Date(START).toUTCString(),
  body,
  at: START,
})
const remembered = (body = '{}'): Remembered => ({
  record: UNASKED,
  wantedAt: START,
  last: kept(body),
  told: null,
})

test('finds whatever was kept, as it was', () => {
  const { store } = open()
  expect(store.find(id('a'))).toBeNull()
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...SAMPLE_NAMES), { maxLength: 6 }), (names) => {
      const answers = names.map((name, n) => {
        const { status, headers, body } = SAMPLES[name].reply(START, 'https://files.example')
        return { at: START + n, answer: readAnswer(status, new Headers(headers), body, '', START) }
      })
      const record = answers.reduce(
        (before, { at, answer }) => recordAnswer(before, answer, at, at),
        UNASKED,
      )
      const all = { ...remembered(), record, told: kept('told') }
      store.keep(id('a'), all)
      expect(store.find(id('a'))).toEqual(all)
    }),
  )
})

test('keeps five hundred tasks, those that were asked last', () => {
  const { store, pass } = open()
  for (let n = 0; n < 510; n++) {
    store.keep(id(`t-${n}`), remembered())
    pass(1)
  }
  expect(store.find(id('t-9'))).toBeNull()
  expect(store.find(id('t-10'))).not.toBeNull()
})

test('forgets after a week', () => {
  const { store, pass, db } = open()
  store.keep(id('a'), remembered())
  pass(7 * DAY - 1)
  expect(store.find(id('a'))).not.toBeNull()
  pass(1)
  expect(store.find(id('a'))).toBeNull()
  store.keep(id('b'), remembered())
  expect(db.all('SELECT id FROM tasks')).toEqual([{ id: 'b' }])
})

test('keeps nothing old in the place of what is too long, and takes nothing for an answer that is none', () => {
  const { store, db } = open()
  store.keep(id('a'), remembered())
  store.keep(id('a'), remembered('x'.repeat(1_000_001)))
  expect(store.find(id('a'))).toBeNull()
  for (const text of ['', '{', 'null', '{"record":{},"last":null,"told":null}']) {
    db.run('INSERT OR REPLACE INTO tasks VALUES (?, ?, ?)', 'b', text, START)
    expect(store.find(id('b'))).toBeNull()
  }
})

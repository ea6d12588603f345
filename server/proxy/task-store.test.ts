import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseResponse } from '../../core/api/parse-response.ts'
import { SAMPLE_NAMES, SAMPLES } from '../../core/api/samples.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { DAY } from '../../core/lib/units.ts'
import { recordResponse } from '../../core/record/record-response.ts'
import { EMPTY_RECORD } from '../../core/record/task-record.ts'
import { openDatabase } from '../node/database.ts'
import type { CachedResponse, CachedStatus } from './cached-status.ts'
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
const response = (body: string): CachedResponse => ({
  status: 200,
  contentType: 'application/json',
  date: new Date(START).toUTCString(),
  body,
  at: START,
})
const cachedStatus = (body = '{}'): CachedStatus => ({
  record: EMPTY_RECORD,
  requestedAt: START,
  lastResponse: response(body),
  lastSuccess: null,
})

test('finds any stored status unchanged', () => {
  const { store } = open()
  expect(store.get(id('a'))).toBeNull()
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...SAMPLE_NAMES), { maxLength: 6 }), (names) => {
      const responses = names.map((name, n) => {
        const { status, headers, body } = SAMPLES[name].reply(START, 'https://files.example')
        return {
          at: START + n,
          parsed: parseResponse(status, new Headers(headers), body, '', START),
        }
      })
      const record = responses.reduce(
        (before, { at, parsed }) => recordResponse(before, parsed, at, at),
        EMPTY_RECORD,
      )
      const all = { ...cachedStatus(), record, lastSuccess: response('success') }
      store.set(id('a'), all)
      expect(store.get(id('a'))).toEqual(all)
    }),
  )
})

test('keeps the five hundred most recently requested tasks', () => {
  const { store, pass } = open()
  for (let n = 0; n < 510; n++) {
    store.set(id(`t-${n}`), cachedStatus())
    pass(1)
  }
  expect(store.get(id('t-9'))).toBeNull()
  expect(store.get(id('t-10'))).not.toBeNull()
})

test('deletes after a week', () => {
  const { store, pass, db } = open()
  store.set(id('a'), cachedStatus())
  pass(7 * DAY - 1)
  expect(store.get(id('a'))).not.toBeNull()
  pass(1)
  expect(store.get(id('a'))).toBeNull()
  store.set(id('b'), cachedStatus())
  expect(db.all('SELECT id FROM tasks')).toEqual([{ id: 'b' }])
})

test('replaces an entry that became too long, and rejects invalid entries', () => {
  const { store, db } = open()
  store.set(id('a'), cachedStatus())
  store.set(id('a'), cachedStatus('x'.repeat(1_000_001)))
  expect(store.get(id('a'))).toBeNull()
  for (const text of ['', '{', 'null', '{"record":{},"last":null,"told":null}']) {
    db.run('INSERT OR REPLACE INTO tasks VALUES (?, ?, ?)', 'b', text, START)
    expect(store.get(id('b'))).toBeNull()
  }
})

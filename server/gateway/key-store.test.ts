import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { DAY } from '../../src/lib/units.ts'
import { fullAllowance } from '../../src/polling/budget.ts'
import type { TaskId } from '../../src/upscayl/task-id.ts'
import { openDatabase } from '../database.ts'
import { KEY, spellingsOf, temporaryFolder } from '../share/testing.ts'
import { createCoordinators } from './coordinators.ts'
import { createKeyStore, KEY_MIGRATIONS, type KeyStore } from './key-store.ts'
import { openKeeping } from './open-keeping.ts'

const START = Date.UTC(2026, 0, 1, 12)
const state = (accepted: boolean, sent: number[] = []) => ({
  accepted,
  allowance: { ...fullAllowance(), sent },
})

function open(most?: number) {
  let at = START
  const db = openDatabase(':memory:', KEY_MIGRATIONS)
  onTestFinished(() => db.close())
  const pass = (ms: number) => {
    at += ms
  }
  return { db, store: createKeyStore(db, () => at, most), pass }
}

test('finds what was kept last', () => {
  const { store } = open()
  expect(store.find('a')).toBeNull()
  store.keep('a', state(false, [1]))
  store.keep('b', state(true))
  store.keep('a', state(true, [1, 2]))
  expect([store.find('a'), store.find('b')]).toEqual([state(true, [1, 2]), state(true)])
})

test('keys leave by time: those the API never took after a day, the others after a month', () => {
  const { store, pass, db } = open()
  const ids = () => db.all<{ id: string }>('SELECT id FROM keys').map(({ id }) => id)
  store.keep('taken', state(true))
  store.keep('unsure', state(false))
  pass(DAY)
  store.keep('b', state(false))
  expect(ids().toSorted()).toEqual(['b', 'taken'])
  pass(29 * DAY)
  store.keep('c', state(false))
  expect(ids()).toEqual(['c'])
})

test('keys that the API never took displace none that it took, and are so many at most', () => {
  const { store, pass, db } = open(5)
  store.keep('taken', state(true))
  for (let n = 0; n < 50; n++) {
    pass(1)
    store.keep(`unsure-${n}`, state(false))
  }
  expect(store.find('taken')).not.toBeNull()
  expect(store.find('unsure-49')).not.toBeNull()
  expect(db.all('SELECT id FROM keys')).toHaveLength(5)
})

test.each(['', '{', 'null', '{"limit":-1}'])('what is damaged is forgotten: %s', (text) => {
  const { store, db } = open()
  store.keep('a', state(true))
  db.run('UPDATE keys SET allowance = ?', text)
  expect(store.find('a')).toBeNull()
})

const running = () =>
  Response.json({ status: 'success', data: { status: 'PROCESSING', progress: '1' } })

const asking = (
  keys: KeyStore,
  secret: Uint8Array,
  { faults = [] as unknown[], answer = running } = {},
) =>
  createCoordinators({
    send: async () => answer(),
    now: () => START,
    onFault: (error) => faults.push(error),
    keys,
    secret,
  })
const wanted = { key: KEY, taskId: 'a' as TaskId, origin: 'http://loupe.test/', requestId: null }

test('in a folder lie a count that goes on, and no key', async () => {
  const dataDir = await temporaryFolder()
  for (const used of [1, 2, 3]) {
    const keeping = await openKeeping({ dataDir }, () => START)
    if (!keeping.ok) throw new Error(keeping.error)
    const { keys, secret, starts, close } = keeping.value
    const coordinator = asking(keys, secret).of(KEY)
    expect(coordinator.isAccepted()).toBe(used > 1)
    expect((await coordinator.know(wanted)).allowance.sent).toHaveLength(used)
    starts.note(`start-${used}`)
    // As a process ends that is killed: what was not closed is read all the same.
    const files = await readdir(dataDir)
    expect(files).toEqual(expect.arrayContaining(['key-secret', 'keys.db', 'starts.db']))
    const texts = await Promise.all(files.map((file) => readFile(join(dataDir, file), 'latin1')))
    for (const text of texts) {
      expect(spellingsOf(KEY).filter((spelling) => text.includes(spelling))).toEqual([])
    }
    close()
  }
})

test('where nothing can be kept, questions are counted and answered all the same', async () => {
  const faults: unknown[] = []
  const fail = () => {
    throw new Error('The disk is full.')
  }
  const coordinators = asking({ find: fail, keep: fail }, new Uint8Array(32), { faults })
  const known = await coordinators.of(KEY).know(wanted)
  expect([known.allowance.sent.length, known.answer?.status]).toEqual([1, 200])
  expect(faults.length).toBeGreaterThan(0)
})

test.each([
  ['401', () => Response.json({ error: 'UNAUTHORIZED', message: '' }, { status: 401 }), 0],
  ['400', () => Response.json('Bad Request: Missing User ID', { status: 400 }), 0],
  ['500', () => new Response('', { status: 500 }), 20],
])(
  'of twenty keys that the API answers with a %s, so many are kept: %3$i',
  async (_, answer, many) => {
    const { store, db } = open()
    const coordinators = asking(store, new Uint8Array(32), { answer })
    for (let n = 0; n < 20; n++) {
      await coordinators.of(`${KEY}-${n}`).know({ ...wanted, key: `${KEY}-${n}` })
    }
    expect(db.all('SELECT id FROM keys')).toHaveLength(many)
  },
)

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { DAY } from '../../core/lib/units.ts'
import { fullQuota } from '../../core/quota/quota.ts'
import { openDatabase } from '../node/database.ts'
import { openStores } from '../node/open-stores.ts'
import { KEY, spellingsOf, temporaryFolder } from '../sharing/testing.ts'
import { createKeyStore, KEY_MIGRATIONS, type KeyStore } from './key-store.ts'
import { createStatusCaches } from './status-caches.ts'

const START = Date.UTC(2026, 0, 1, 12)
const state = (accepted: boolean, sent: number[] = []) => ({
  accepted,
  quota: { ...fullQuota(), sent },
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

test('finds the last stored state', () => {
  const { store } = open()
  expect(store.get('a')).toBeNull()
  store.set('a', state(false, [1]))
  store.set('b', state(true))
  store.set('a', state(true, [1, 2]))
  expect([store.get('a'), store.get('b')]).toEqual([state(true, [1, 2]), state(true)])
})

test('keys expire: those the API never accepted after a day, the others after a month', () => {
  const { store, pass, db } = open()
  const ids = () => db.all<{ id: string }>('SELECT id FROM keys').map(({ id }) => id)
  store.set('taken', state(true))
  store.set('unsure', state(false))
  pass(DAY)
  store.set('b', state(false))
  expect(ids().toSorted()).toEqual(['b', 'taken'])
  pass(29 * DAY)
  store.set('c', state(false))
  expect(ids()).toEqual(['c'])
})

test('keys the API never accepted displace no accepted ones, and are limited', () => {
  const { store, pass, db } = open(5)
  store.set('taken', state(true))
  for (let n = 0; n < 50; n++) {
    pass(1)
    store.set(`unsure-${n}`, state(false))
  }
  expect(store.get('taken')).not.toBeNull()
  expect(store.get('unsure-49')).not.toBeNull()
  expect(db.all('SELECT id FROM keys')).toHaveLength(5)
})

test.each(['', '{', 'null', '{"limit":-1}'])('damaged entries are ignored: %s', (text) => {
  const { store, db } = open()
  store.set('a', state(true))
  db.run('UPDATE keys SET allowance = ?', text)
  expect(store.get('a')).toBeNull()
})

const running = () =>
  Response.json({ status: 'success', data: { status: 'PROCESSING', progress: '1' } })

const asking = (
  keys: KeyStore,
  secret: Uint8Array,
  { faults = [] as unknown[], response = running } = {},
) =>
  createStatusCaches({
    send: async () => response(),
    now: () => START,
    onError: (error) => faults.push(error),
    keys,
    secret,
  })
const statusRequest = {
  key: KEY,
  taskId: 'a' as TaskId,
  origin: 'http://loupe.test/',
  requestId: null,
}

test('a folder contains a count that continues, and no key', async () => {
  const dataDir = await temporaryFolder()
  for (const used of [1, 2, 3]) {
    const { keys, secret, starts, close } = await openStores({ dataDir }, () => START)
    const statusCache = asking(keys, secret).of(KEY)
    expect(statusCache.keyAccepted()).toBe(used > 1)
    expect((await statusCache.getStatus(statusRequest)).quota.sent).toHaveLength(used)
    starts.record(`start-${used}`)
    // Like a killed process: a store that was not closed can still be read.
    const files = await readdir(dataDir)
    expect(files).toEqual(expect.arrayContaining(['key-secret', 'keys.db', 'starts.db']))
    const texts = await Promise.all(files.map((file) => readFile(join(dataDir, file), 'latin1')))
    for (const text of texts) {
      expect(spellingsOf(KEY).filter((spelling) => text.includes(spelling))).toEqual([])
    }
    close()
  }
})

test('without storage, requests are still counted and answered', async () => {
  const faults: unknown[] = []
  const fail = () => {
    throw new Error('The disk is full.')
  }
  const statusCaches = asking({ get: fail, set: fail }, new Uint8Array(32), { faults })
  const result = await statusCaches.of(KEY).getStatus(statusRequest)
  expect([result.quota.sent.length, result.response?.status]).toEqual([1, 200])
  expect(faults.length).toBeGreaterThan(0)
})

test.each([
  ['401', () => Response.json({ error: 'UNAUTHORIZED', message: '' }, { status: 401 }), 0],
  ['400', () => Response.json('Bad Request: Missing User ID', { status: 400 }), 0],
  ['500', () => new Response('', { status: 500 }), 20],
])(
  'of twenty keys that the API answers with a %s, so many are stored: %3$i',
  async (_, response, many) => {
    const { store, db } = open()
    const statusCaches = asking(store, new Uint8Array(32), { response })
    for (let n = 0; n < 20; n++) {
      await statusCaches.of(`${KEY}-${n}`).getStatus({ ...statusRequest, key: `${KEY}-${n}` })
    }
    expect(db.all('SELECT id FROM keys')).toHaveLength(many)
  },
)

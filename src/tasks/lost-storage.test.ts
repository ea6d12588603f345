import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openList, type TaskList } from './task-list.ts'
import { asId, recordAfter } from './testing-list.ts'

/* A browser that closes storage connections in the background, and then works again. */

const opened: TaskList[] = []
const open = () => {
  const list = openList('aaaaaaaa')
  opened.push(list)
  return list
}

let connections: IDBDatabase[] = []
/** How many of the next attempts to open are rejected. */
let refused = 0

beforeEach(() => {
  connections = []
  refused = 0
  const factory = new IDBFactory()
  vi.stubGlobal('indexedDB', {
    open: (...name: Parameters<IDBFactory['open']>) => {
      if (refused-- > 0) throw new DOMException('Internal error', 'UnknownError')
      const request = factory.open(...name)
      request.addEventListener('success', () => connections.push(request.result))
      return request
    },
  })
})
afterEach(() => {
  for (const list of opened.splice(0)) list.close()
  vi.unstubAllGlobals()
})

const until = (check: () => unknown) => vi.waitFor(check, 50_000)
const kept = async () => {
  const later = open()
  await later.load()
  return [...later.state.get().entries.keys()].sort()
}
const finish = (list: TaskList, id: string) =>
  list.saveRecord(asId(id), recordAfter(['processed']), true)

const fails = (name: string) => (connection: IDBDatabase) => {
  connection.transaction = () => {
    throw new DOMException('Connection to Indexed Database server lost.', name)
  }
}

/** Ways in which browsers lose a connection. */
const LOSSES: readonly [string, (connection: IDBDatabase) => void][] = [
  ['is closed without a word', (connection) => connection.close()],
  ['fails as WebKit’s does', fails('UnknownError')],
  ['fails in a way that nobody knows', fails('NotReadableError')],
  [
    'aborts all that is begun',
    (connection) => {
      const begin = connection.transaction.bind(connection)
      connection.transaction = (...all) => {
        const transaction = begin(...all)
        queueMicrotask(() => transaction.abort())
        return transaction
      }
    },
  ],
]

it.each(LOSSES)('a connection that %s loses nothing', async (_, lose) => {
  const list = open()
  await list.addIds([asId('first')])
  for (const connection of connections) lose(connection)
  finish(list, 'second')
  finish(list, 'third')
  await until(async () => expect(await kept()).toEqual(['first', 'second', 'third']))
  await until(() => expect(list.state.get()).toMatchObject({ denial: null, unsaved: new Set() }))
})

it('earlier records are loaded after a lost connection', async () => {
  const list = open()
  finish(list, 'done')
  await until(async () => expect(await kept()).toEqual(['done']))
  const later = open()
  await later.loadRecord(asId('nothing'))
  for (const connection of connections) connection.close()
  expect(await later.loadRecord(asId('done'))).toMatchObject({ requestCount: 1 })
})

it('unsaved changes are written with the next successful change', async () => {
  const list = open()
  await list.addIds([asId('first')])
  for (const connection of connections) connection.close()
  refused = 2
  finish(list, 'second')
  finish(list, 'third')
  await until(() =>
    expect(list.state.get()).toMatchObject({
      denial: 'denied',
      unsaved: new Set(['second', 'third']),
    }),
  )
  refused = 0
  finish(list, 'fourth')
  await until(() => expect(list.state.get()).toMatchObject({ denial: null, unsaved: new Set() }))
  expect(await kept()).toEqual(['first', 'fourth', 'second', 'third'])
})

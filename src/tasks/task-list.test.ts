import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import fc from 'fast-check'
import { openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { asApiKey, hashKey } from '../session/api-key.ts'
import { forgetKey, rememberKey } from '../session/session.ts'
import { ledgerOf } from './ledger.ts'
import { listOf, openList, type TaskList } from './task-list.ts'
import { asId, entryAfter, recordAfter, STEP, T0, THUMB, UPLOAD } from './testing-list.ts'
import { MAX_ENTRIES, newTrackedTask, type TrackedTask, toStored, VERSION } from './tracked-task.ts'

/** Only what hangs takes longer. */
const until = (check: () => unknown) => vi.waitFor(check, 50_000)

const KEY = 'aaaaaaaa'
const opened: TaskList[] = []

const open = (keyHash = KEY): TaskList => {
  const list = openList(keyHash)
  opened.push(list)
  return list
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
})
afterEach(() => {
  for (const list of opened.splice(0)) list.close()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const idsOf = (list: TaskList) => [...list.state.get().entries.keys()].sort()

/** Storage as another tab of the browser would read it. */
async function stored(keyHash = KEY): Promise<TaskList> {
  const list = open(keyHash)
  await list.load()
  return list
}

/** Stores a value in place of an entry of the list. */
async function plant(id: string, value: object): Promise<void> {
  // The list creates the database.
  await stored()
  const db = await openDB('loupe')
  await db.put('tasks', value, [KEY, id])
  db.close()
}

describe('the list', () => {
  it('stores entries across visits, separately for each key', async () => {
    const list = open()
    expect(await list.addIds([asId('a1'), asId('b2'), asId('a1')])).toBe(2)
    expect(await list.add([entryAfter('c3', ['enhancing', 'processed'])])).toBe(1)
    const later = await stored()
    expect(idsOf(later)).toEqual(['a1', 'b2', 'c3'])
    expect(later.state.get()).toMatchObject({ denial: null, unreadable: new Map(), newer: 0 })
    const other = await stored('bbbbbbbb')
    expect(idsOf(other)).toEqual([])
    expect(other.state.get().elsewhere).toBe(3)
    expect((await other.readElsewhere()).map(({ id }) => id).sort()).toEqual(['a1', 'b2', 'c3'])
  })

  it('stores no link to a file', async () => {
    const list = open()
    list.saveRecord(asId('a1'), recordAfter(['processed']), true)
    await until(async () => expect(idsOf(await stored())).toEqual(['a1']))
    const text = JSON.stringify([...(await stored()).state.get().entries.values()])
    expect(recordAfter(['processed']).task?.files[0]?.downloadUrl).toMatch(/^https:/)
    expect(text).not.toContain('downloadUrl":"h')
  })

  it('continues the count of an earlier visit', async () => {
    await open().add([entryAfter('a1', ['enhancing', 'processed'])])
    const recalled = await open().loadRecord(asId('a1'))
    expect(recalled).toMatchObject({
      requestCount: 2,
      restored: true,
      deduction: { requestNumber: 2 },
    })
    expect(await open().loadRecord(asId('nothing'))).toBeNull()
  })

  it('keeps labels of two tabs, through responses and an export', async () => {
    const [one, other] = [open(), open()]
    await one.add([entryAfter('a1', ['enhancing']), entryAfter('b2', [])])
    await other.load()
    await one.annotate([asId('a1'), asId('b2')], { add: ['print'], remove: [] })
    await other.annotate([asId('a1')], { add: ['client'], remove: [], note: 'For Ann' })
    one.saveRecord(asId('a1'), recordAfter(['enhancing', 'processed']), false)
    await one.annotate([asId('missing')], { add: ['print'], remove: [] })
    const { entries } = (await stored()).state.get()
    expect(entries.size).toBe(2)
    expect(entries.get(asId('a1'))).toMatchObject({
      record: { requestCount: 2 },
      annotation: { labels: ['client', 'print'], note: 'For Ann' },
    })
    expect(entries.get(asId('b2'))?.annotation?.labels).toEqual(['print'])
  })

  it('has a task that was started here before its first response, with its start', async () => {
    const start = { startedAt: T0, quotedCredits: 10 }
    const list = open()
    list.saveRecord(asId('a1'), recordAfter([], T0, start), true)
    expect(idsOf(list)).toEqual(['a1'])
    await until(async () => expect(idsOf(await stored())).toEqual(['a1']))
    expect(await open().loadRecord(asId('a1'))).toMatchObject({ ...start, requestCount: 0 })
    // Checked by a tab without the start.
    list.saveRecord(asId('a1'), recordAfter(['enhancing']), true)
    await until(async () =>
      expect(await open().loadRecord(asId('a1'))).toMatchObject({ ...start, requestCount: 1 }),
    )
  })

  it('removes tasks, and restores them unchanged', async () => {
    const list = open()
    const entries = [entryAfter('a1', ['processed']), entryAfter('b2', ['failed'])]
    await list.add(entries)
    const removed = await list.remove([asId('a1'), asId('b2')])
    expect(idsOf(await stored())).toEqual([])
    await list.add(removed)
    const back = (await stored()).state.get().entries
    expect([...back.values()].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(entries)
  })

  it('does not add a removed task again after a late response', async () => {
    const [one, other] = [open(), open()]
    await one.addIds([asId('a1')])
    await other.load()
    await one.remove([asId('a1')])
    // The first response of this visit, in flight while the task was removed here; a later one, in another tab.
    one.saveRecord(asId('a1'), recordAfter(['processed']), true)
    other.saveRecord(asId('a1'), recordAfter(['enhancing', 'processed']), false)
    await other.addIds([asId('z9')])
    await one.addIds([asId('y8')])
    expect(idsOf(await stored())).toEqual(['y8', 'z9'])
  })
})

describe('many tasks', () => {
  const MANY = Array.from({ length: 300 }, (_, n) => asId(`t${n}`))
  const { transaction } = IDBDatabase.prototype

  /** Size of the list after each write. */
  const shownWhenWritten = (list: TaskList) => {
    const sizes: number[] = []
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
      this: IDBDatabase,
      ...all
    ) {
      const one = transaction.apply(this, all)
      one.addEventListener('complete', () => sizes.push(list.state.get().entries.size))
      return one
    })
    return sizes
  }

  it('are written before they are shown, and deleted before they disappear', async () => {
    const list = open()
    await list.load()
    const sizes = shownWhenWritten(list)
    await list.addIds(MANY)
    expect(sizes).toEqual([0])
    expect(list.state.get().entries.size).toBe(300)
    await list.remove(MANY)
    expect(sizes).toEqual([0, 300])
    expect(list.state.get().entries.size).toBe(0)
  })

  it('have their responses written together, each on top of the stored entry', async () => {
    const list = open()
    await list.addIds(MANY)
    const sizes = shownWhenWritten(list)
    for (const names of [['enhancing'], ['enhancing', 'processed']] as const)
      for (const id of MANY) list.saveRecord(id, recordAfter(names), false)
    await list.addIds([asId('last')])
    expect(sizes.length).toBeLessThan(5)
    const there = (await stored()).state.get().entries
    expect(MANY.every((id) => there.get(id)?.record.requestCount === 2)).toBe(true)
    expect(there.size).toBe(301)
  })

  it('notify subscribers together, not once each', async () => {
    const list = open()
    await list.addIds(MANY)
    await null
    const listener = vi.fn()
    list.state.subscribe(listener)
    for (const id of MANY) list.saveRecord(id, recordAfter(['enhancing']), false)
    // Later than at once if the last notification was slow.
    await until(() => expect(listener).toHaveBeenCalled())
    // On a slow machine once more by then: they have been written.
    expect(listener.mock.calls.length).toBeLessThan(5)
    expect(list.state.get().entries.get(asId('t299'))?.record.requestCount).toBe(1)
  })
})

it('shows no earlier state of a task again once the one before it is written', async () => {
  const list = open()
  const id = asId('a1')
  await list.add([entryAfter('a1', ['enhancing'])])
  const shown: string[] = []
  list.state.subscribe(() => {
    const kind = list.state.get().entries.get(id)?.record.task?.kind ?? 'none'
    if (shown.at(-1) !== kind) shown.push(kind)
  })
  list.saveRecord(id, recordAfter(['enhancing', 'enhancing']), false)
  // Its write has begun.
  await null
  await null
  list.saveRecord(id, recordAfter(['enhancing', 'enhancing', 'processed']), false)
  await until(async () =>
    expect((await stored()).state.get().entries.get(id)?.record.requestCount).toBe(3),
  )
  await until(() => expect(list.state.get().entries.get(id)?.record.requestCount).toBe(3))
  // Subscribers may miss the first of them.
  expect(shown.slice(shown.indexOf('processed'))).toEqual(['processed'])
})

describe('two tabs at once', () => {
  it('lose no addition or removal of either, in any order', async () => {
    const ids = Array.from({ length: 6 }, (_, n) => asId(`t${n}`))
    const step = fc.record({
      tab: fc.constantFrom(0, 1),
      adds: fc.boolean(),
      which: fc.subarray(ids, { minLength: 1 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        vi.stubGlobal('indexedDB', new IDBFactory())
        const tabs = [await stored(), await stored()]
        const expected = new Set<TaskId>()
        const work: Promise<unknown>[] = []
        for (const { tab, adds, which } of steps) {
          const list = tabs[tab] as TaskList
          // Nothing is awaited, as with two simultaneous clicks.
          work.push(adds ? list.addIds(which) : list.remove(which))
        }
        await Promise.all(work)
        // Steps are atomic: the stored entry is the result of the task's last step.
        for (const { adds, which } of steps)
          for (const id of which) adds ? expected.add(id) : expected.delete(id)
        const there = await stored()
        const touched = (id: TaskId) =>
          new Set(steps.filter(({ which }) => which.includes(id)).map(({ tab }) => tab)).size
        for (const id of ids) {
          // If only one tab changed a task, its order applies.
          if (touched(id) < 2) expect(there.state.get().entries.has(id)).toBe(expected.has(id))
        }
        // And both tabs show the stored entries.
        await until(() => {
          for (const list of tabs) expect(idsOf(list)).toEqual(idsOf(there))
        })
        for (const list of opened.splice(0)) list.close()
      }),
      { numRuns: 25 },
    )
  })

  it('see each other’s responses', async () => {
    const [asking, looking] = [open(), open()]
    await asking.addIds([asId('a1')])
    await looking.load()
    asking.saveRecord(asId('a1'), recordAfter(['processed']), true)
    await until(() =>
      expect(looking.state.get().entries.get(asId('a1'))?.record.task?.kind).toBe('processed'),
    )
  })
})

it('is read again when the page comes back from the back/forward cache', async () => {
  const events = new EventTarget()
  vi.stubGlobal('addEventListener', events.addEventListener.bind(events))
  vi.stubGlobal('removeEventListener', events.removeEventListener.bind(events))
  const away = await stored()
  // It gets no messages, as in the cache.
  vi.stubGlobal('BroadcastChannel', undefined)
  const other = open()
  await other.addIds([asId('a1')])
  const come = (persisted: boolean) =>
    events.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }))
  const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction')
  come(false)
  expect(transactions).not.toHaveBeenCalled()
  come(true)
  await until(() => expect(idsOf(away)).toEqual(['a1']))
  await other.remove([asId('a1')])
  come(true)
  await until(() => expect(idsOf(away)).toEqual([]))
})

it('are disconnected when the key is removed, but a late response is still written', async () => {
  const [key, next] = ['key-1111111111', 'key-2222222222'].flatMap((text) => asApiKey(text) ?? [])
  if (key === undefined || next === undefined) throw new Error('no keys')
  rememberKey(key)
  const list = listOf(key)
  expect(listOf(key)).toBe(list)
  await list.load()
  rememberKey(next)
  expect(listOf(next)).not.toBe(list)
  const [one, other] = [await stored(hashKey(key)), await stored(hashKey(key))]
  await one.addIds([asId('a1')])
  await until(() => expect(idsOf(other)).toEqual(['a1']))
  expect(idsOf(list)).toEqual([])
  list.saveRecord(asId('b2'), recordAfter(['processed']), true)
  await until(async () => expect(idsOf(await stored(hashKey(key)))).toEqual(['a1', 'b2']))
  forgetKey()
})

describe('faulty storage', () => {
  it('is full: the change stays in the tab, is reported, and is written later', async () => {
    const list = open()
    await list.addIds([asId('a1')])
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await list.addIds([asId('b2')])
    list.saveRecord(asId('a1'), recordAfter(['processed']), false)
    await until(() => expect([...list.state.get().unsaved].sort()).toEqual(['a1', 'b2']))
    expect(list.state.get().denial).toBe('full')
    expect(idsOf(list)).toEqual(['a1', 'b2'])
    put.mockRestore()
    await list.retry()
    expect(list.state.get()).toMatchObject({ denial: null, unsaved: new Set() })
    const there = (await stored()).state.get().entries
    expect(there.get(asId('a1'))?.record.task?.kind).toBe('processed')
    expect(there.has(asId('b2'))).toBe(true)
  })

  it('is slower than an error: what was known of the task stays', async () => {
    await open().add([entryAfter('a1', ['processed'])])
    open().saveRecord(asId('a1'), recordAfter(['error-401'], T0 + STEP), true)
    const known = async () => (await stored()).state.get().entries.get(asId('a1'))?.record
    await until(async () => expect((await known())?.failure).not.toBeNull())
    expect((await known())?.task?.kind).toBe('processed')
  })

  it('is denied: the tab keeps its list, and reports it', async () => {
    vi.stubGlobal('indexedDB', {
      open() {
        throw new DOMException('denied', 'SecurityError')
      },
    })
    const list = open()
    await list.addIds([asId('a1')])
    expect(idsOf(list)).toEqual(['a1'])
    expect(list.state.get()).toMatchObject({ denial: 'denied', loaded: true })
  })

  it('contains garbage: the rest is read, the garbage stays until it is removed', async () => {
    await open().add([entryAfter('good', ['processed'])])
    await plant('bad1', { version: VERSION, id: 'bad1', addedAt: 'yesterday' })
    await plant('bad2', { nothing: true })
    const list = await stored()
    expect(idsOf(list)).toEqual(['good'])
    expect([...list.state.get().unreadable.keys()]).toEqual(['bad1', 'bad2'])
    await list.addIds([asId('bad1')])
    expect([...list.state.get().unsaved]).toEqual(['bad1'])
    await list.removeUnreadable()
    expect(list.state.get().unreadable.size).toBe(0)
    await list.retry()
    expect(idsOf(await stored())).toEqual(['bad1', 'good'])
  })

  it('contains tasks of a newer version: they are counted, and never overwritten', async () => {
    const newer = {
      ...toStored(newTrackedTask(asId('a1'), T0)),
      version: VERSION + 1,
      extra: 'kept',
    }
    await plant('a1', newer)
    const list = await stored()
    expect(list.state.get().newer).toBe(1)
    await list.addIds([asId('a1')])
    list.saveRecord(asId('a1'), recordAfter(['processed']), true)
    await list.remove([asId('a1')])
    const db = await openDB('loupe')
    expect(await db.get('tasks', [KEY, 'a1'])).toEqual(newer)
    db.close()
  })

  it('contains unreadable tasks that change here: other writes do not try them again and again', async () => {
    const ids = [asId('a1'), asId('b2')]
    await plant('a1', { ...toStored(newTrackedTask(asId('a1'), T0)), version: VERSION + 1 })
    await plant('b2', { nothing: true })
    for (const other of opened.splice(0)) other.close()
    const list = await stored()
    const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction')
    for (const id of ids) await list.addIds([id])
    const changes = 5
    for (let n = 0; n < changes; n++) await list.addIds([asId(`c${n}`)])
    await new Promise((resolve) => setTimeout(resolve))
    expect([...list.state.get().unsaved].sort()).toEqual(ids)
    expect(list.state.get().denial).toBeNull()
    expect(transactions).toHaveBeenCalledTimes(ids.length + changes)
    await list.removeUnreadable()
    await list.addIds([asId('d4')])
    await until(async () => expect(idsOf(await stored())).toContain('b2'))
  })

  it('has the layout of a newer version: nothing is written, and the tab reports why', async () => {
    const db = await openDB('loupe', 99)
    db.close()
    const list = open()
    await list.addIds([asId('a1')])
    expect(list.state.get().denial).toBe('outdated')
    expect(idsOf(list)).toEqual(['a1'])
  })

  it('accepts only IDs from other tabs', async () => {
    const list = await stored()
    await list.addIds([asId('a1')])
    const other = await stored()
    const tab = new BroadcastChannel(`loupe:list:${KEY}`)
    const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction')
    for (const message of [[null, 1, {}], [1], ['../x', ''], ['a1', null], null, { ids: ['a1'] }])
      tab.postMessage(message)
    await other.addIds([asId('b2')])
    await until(() => expect(idsOf(list)).toEqual(['a1', 'b2']))
    expect(list.state.get().denial).toBeNull()
    // Once for the other tab's write and once for this one's read.
    expect(transactions).toHaveBeenCalledTimes(2)
    tab.close()
  })

  it('closes for a newer version in another tab, and reports it', async () => {
    const list = open()
    await list.addIds([asId('a1')])
    const db = await openDB('loupe', 99)
    expect(list.state.get().denial).toBe('outdated')
    db.close()
  })
})

describe('credits of removed tasks', () => {
  it('stay spent in this tab, in others and after a reload, also when the task is added again', async () => {
    const [list, other] = [open(), open()]
    await other.load()
    const entries = [entryAfter('a1', ['processed']), entryAfter('b2', ['batch'])]
    await list.add(entries)
    await until(() => expect(other.state.get().entries.size).toBe(2))
    const before = ledgerOf(entries)
    const rowsOf = ({ state }: TaskList) => {
      const { entries: kept, spent } = state.get()
      return ledgerOf([...kept.values()], spent)
    }
    const removed = await list.remove(entries.map(({ id }) => id))
    expect(list.state.get().entries.size).toBe(0)
    expect(rowsOf(list)).toEqual(before)
    await until(() => expect(other.state.get().entries.size).toBe(0))
    expect(rowsOf(other)).toEqual(before)
    expect(rowsOf(await stored())).toEqual(before)
    await list.add(removed)
    expect(rowsOf(list)).toEqual(before)
  })
})

describe('an erased list', () => {
  const contents = async () => {
    const { entries, spent, unreadable, left } = (await stored()).state.get()
    return { entries: [...entries], spent: [...spent], unreadable: [...unreadable], left }
  }
  const NOTHING = { entries: [], spent: [], unreadable: [], left: 0 }

  it('leaves nothing, and is restored as a whole', async () => {
    const [list, other] = [open(), open()]
    await list.add([entryAfter('a1', ['processed']), entryAfter('b2', ['batch'])])
    await list.remove([asId('b2')])
    await other.load()
    await plant('c3', { version: VERSION, nonsense: true })
    const before = await contents()
    expect(before).toMatchObject({ entries: { length: 1 }, spent: { length: 1 } })
    const erased = await list.erase()
    expect(await contents()).toEqual(NOTHING)
    await until(() =>
      expect(other.state.get()).toMatchObject({ entries: new Map(), spent: new Map() }),
    )
    // The key was entered again meanwhile.
    const later = open()
    await later.restore(erased)
    expect(idsOf(later)).toEqual(['a1'])
    expect(await contents()).toEqual(before)
  })

  it('is restored as a whole, though storage took long to erase it', async () => {
    const list = open()
    await list.add([entryAfter('a1', ['processed']), entryAfter('b2', ['batch'])])
    await list.remove([asId('b2')])
    const before = await contents()
    const { late, entries } = await list.erase()
    await list.restore({ stored: null, late, entries })
    await until(async () => expect(await contents()).toEqual(before))
  })

  it('is restored in this tab if storage is denied', async () => {
    vi.stubGlobal('indexedDB', {
      open: () => {
        throw new DOMException('no', 'SecurityError')
      },
    })
    const list = open()
    await list.addIds([asId('a1')])
    const erased = await list.erase()
    expect(idsOf(list)).toEqual([])
    await list.restore(erased)
    expect(idsOf(list)).toEqual(['a1'])
  })

  it('has no task of a response that was in flight, in any tab', async () => {
    const [list, other] = [open(), open()]
    await list.addIds([asId('b2')])
    await other.load()
    const late = recordAfter(['processed'])
    await list.erase()
    await until(() => expect(idsOf(other)).toEqual([]))
    other.saveRecord(asId('a1'), late, true)
    list.saveRecord(asId('a1'), late, true)
    await list.addIds([asId('z9')])
    await other.addIds([asId('y8')])
    expect(idsOf(await stored())).toEqual(['y8', 'z9'])
    const next = { ...late, seenAt: Date.now() + 1000, seenRequestedAt: Date.now() + 900 }
    list.saveRecord(asId('a1'), next, true)
    await list.addIds([asId('x7')])
    expect(idsOf(await stored())).toEqual(['a1', 'x7', 'y8', 'z9'])
  })
})

describe('an own upload', () => {
  it('without settings, such as a demo, leaves those that are kept', async () => {
    const list = open()
    list.keepUpload(asId('a1'), { ...UPLOAD, settings: null })
    const entry = () => list.state.get().entries.get(asId('a1'))
    expect(entry()).toMatchObject({ source: UPLOAD.source, settings: null })
    list.keepUpload(asId('a1'), UPLOAD)
    list.keepUpload(asId('a1'), { ...UPLOAD, settings: null })
    expect(entry()).toMatchObject(UPLOAD)
  })

  it('is there at once, stays through checks, and is read without the list', async () => {
    const list = open()
    list.keepUpload(asId('a1'), UPLOAD)
    expect(list.state.get().entries.get(asId('a1'))).toMatchObject(UPLOAD)
    list.saveRecord(asId('a1'), recordAfter(['enhancing']), true)
    list.keepThumb(asId('a1'), THUMB)
    list.keepThumb(asId('a1'), 'https://files.example/a.png')
    await list.load()
    const expected = { ...UPLOAD, thumb: THUMB, record: { task: { kind: 'enhancing' } } }
    await until(async () => expect(await open().loadEntry(asId('a1'))).toMatchObject(expected))
    expect(await open().loadEntry(asId('b2'))).toBeNull()
    await list.remove([asId('a1')])
    list.keepUpload(asId('a1'), UPLOAD)
    expect(list.state.get().entries.size).toBe(0)
  })
})

it('removes the oldest finished tasks, reports how many, and no running one', async () => {
  const list = open()
  const running = entryAfter('running', ['enhancing'], T0 - 1000 * STEP)
  const finished = Array.from({ length: MAX_ENTRIES }, (_, n): TrackedTask => {
    const template = entryAfter('x', ['processed'], T0)
    const record = { ...template.record, seenAt: T0 + n }
    return { ...newTrackedTask(asId(`f${n}`), T0), record }
  })
  await list.add([running, ...finished.slice(0, -1)])
  expect(list.state.get().left).toBe(0)
  await list.add([...finished.slice(-1), newTrackedTask(asId('new'), T0)])
  const there = (await stored()).state.get()
  expect(there.entries.size).toBe(MAX_ENTRIES)
  expect(there.left).toBe(2)
  expect(['f0', 'f1', 'f2', 'running', 'new'].map((id) => there.entries.has(asId(id)))).toEqual([
    false,
    false,
    true,
    true,
    true,
  ])
  await list.forgetLeft()
  expect((await stored()).state.get().left).toBe(0)
})

import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import fc from 'fast-check'
import { openDB } from 'idb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TaskId } from '../upscayl/task-id.ts'
import { type Entry, MOST_ENTRIES, newEntry, toStored, VERSION } from './entry.ts'
import { type List, openList } from './list.ts'
import { asId, entryAfter, recordAfter, STEP, T0 } from './testing.ts'

/** Only what hangs takes longer. */
const until = (check: () => unknown) => vi.waitFor(check, 50_000)

const KEY = 'aaaaaaaa'
const opened: List[] = []

const open = (keyHash = KEY): List => {
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

const idsOf = (list: List) => [...list.state().entries.keys()].sort()

/** What another tab of the browser would find. */
async function stored(keyHash = KEY): Promise<List> {
  const list = open(keyHash)
  await list.load()
  return list
}

/** Puts a value where an entry of the list lies. */
async function plant(id: string, value: object): Promise<void> {
  // The list makes the database.
  await stored()
  const db = await openDB('loupe')
  await db.put('tasks', value, [KEY, id])
  db.close()
}

describe('the list', () => {
  it('remembers what was added, over visits, each key for itself', async () => {
    const list = open()
    expect(await list.addIds([asId('a1'), asId('b2'), asId('a1')])).toBe(2)
    expect(await list.add([entryAfter('c3', ['enhancing', 'processed'])])).toBe(1)
    const later = await stored()
    expect(idsOf(later)).toEqual(['a1', 'b2', 'c3'])
    expect(later.state()).toMatchObject({ denial: null, unreadable: new Map(), newer: 0 })
    const other = await stored('bbbbbbbb')
    expect(idsOf(other)).toEqual([])
    expect(other.state().elsewhere).toBe(3)
    expect((await other.readElsewhere()).map(({ id }) => id).sort()).toEqual(['a1', 'b2', 'c3'])
  })

  it('keeps no link to a file', async () => {
    const list = open()
    list.remember(asId('a1'), recordAfter(['processed']), true)
    await until(async () => expect(idsOf(await stored())).toEqual(['a1']))
    const text = JSON.stringify([...(await stored()).state().entries.values()])
    expect(recordAfter(['processed']).task?.files[0]?.downloadUrl).toMatch(/^https:/)
    expect(text).not.toContain('downloadUrl":"h')
  })

  it('goes on counting where an earlier visit was', async () => {
    await open().add([entryAfter('a1', ['enhancing', 'processed'])])
    const recalled = await open().recall(asId('a1'))
    expect(recalled).toMatchObject({ questions: 2, recalled: true, receipt: { question: 2 } })
    expect(await open().recall(asId('nothing'))).toBeNull()
  })

  it('has a task that was started here before its first answer, and what the start told of it', async () => {
    const start = { startedAt: T0, announced: 10 }
    const list = open()
    list.remember(asId('a1'), recordAfter([], T0, start), true)
    expect(idsOf(list)).toEqual(['a1'])
    await until(async () => expect(idsOf(await stored())).toEqual(['a1']))
    expect(await open().recall(asId('a1'))).toMatchObject({ ...start, questions: 0 })
    // Asked by a tab that had not heard of the start.
    list.remember(asId('a1'), recordAfter(['enhancing']), true)
    await until(async () =>
      expect(await open().recall(asId('a1'))).toMatchObject({ ...start, questions: 1 }),
    )
  })

  it('takes tasks out, and puts them back as they were', async () => {
    const list = open()
    const entries = [entryAfter('a1', ['processed']), entryAfter('b2', ['failed'])]
    await list.add(entries)
    const removed = await list.remove([asId('a1'), asId('b2')])
    expect(idsOf(await stored())).toEqual([])
    await list.add(removed)
    const back = (await stored()).state().entries
    expect([...back.values()].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(entries)
  })

  it('does not let a late answer bring back what was taken out', async () => {
    const [one, other] = [open(), open()]
    await one.addIds([asId('a1')])
    await other.load()
    await one.remove([asId('a1')])
    // The first answer of this visit, under way while the task was taken out here; a later one, in another tab.
    one.remember(asId('a1'), recordAfter(['processed']), true)
    other.remember(asId('a1'), recordAfter(['enhancing', 'processed']), false)
    await other.addIds([asId('z9')])
    await one.addIds([asId('y8')])
    expect(idsOf(await stored())).toEqual(['y8', 'z9'])
  })
})

describe('two tabs at once', () => {
  it('lose none of what each adds and removes, in any order', async () => {
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
          const list = tabs[tab] as List
          // Nothing waits for anything: as two people who click at the same time.
          work.push(adds ? list.addIds(which) : list.remove(which))
        }
        await Promise.all(work)
        // Each step is whole: what is there is what the last step about a task left.
        for (const { adds, which } of steps)
          for (const id of which) adds ? expected.add(id) : expected.delete(id)
        const there = await stored()
        const touched = (id: TaskId) =>
          new Set(steps.filter(({ which }) => which.includes(id)).map(({ tab }) => tab)).size
        for (const id of ids) {
          // Where only one tab touched a task, its order is the order.
          if (touched(id) < 2) expect(there.state().entries.has(id)).toBe(expected.has(id))
        }
        // And both tabs show what is there.
        await until(() => {
          for (const list of tabs) expect(idsOf(list)).toEqual(idsOf(there))
        })
        for (const list of opened.splice(0)) list.close()
      }),
      { numRuns: 25 },
    )
  })

  it('see each other’s answers', async () => {
    const [asking, looking] = [open(), open()]
    await asking.addIds([asId('a1')])
    await looking.load()
    asking.remember(asId('a1'), recordAfter(['processed']), true)
    await until(() =>
      expect(looking.state().entries.get(asId('a1'))?.record.task?.kind).toBe('processed'),
    )
  })
})

describe('storage that is not as it should be', () => {
  it('is full: the change stays in the tab, is told, and is written later', async () => {
    const list = open()
    await list.addIds([asId('a1')])
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await list.addIds([asId('b2')])
    list.remember(asId('a1'), recordAfter(['processed']), false)
    await until(() => expect([...list.state().unsaved].sort()).toEqual(['a1', 'b2']))
    expect(list.state().denial).toBe('full')
    expect(idsOf(list)).toEqual(['a1', 'b2'])
    put.mockRestore()
    await list.retry()
    expect(list.state()).toMatchObject({ denial: null, unsaved: new Set() })
    const there = (await stored()).state().entries
    expect(there.get(asId('a1'))?.record.task?.kind).toBe('processed')
    expect(there.has(asId('b2'))).toBe(true)
  })

  it('is denied: the tab keeps its list, and says so', async () => {
    vi.stubGlobal('indexedDB', {
      open() {
        throw new DOMException('denied', 'SecurityError')
      },
    })
    const list = open()
    await list.addIds([asId('a1')])
    expect(idsOf(list)).toEqual(['a1'])
    expect(list.state()).toMatchObject({ denial: 'denied', loaded: true })
  })

  it('has garbage in it: the rest is read, the garbage stays until it is taken out', async () => {
    await open().add([entryAfter('good', ['processed'])])
    await plant('bad1', { version: VERSION, id: 'bad1', addedAt: 'yesterday' })
    await plant('bad2', { nothing: true })
    const list = await stored()
    expect(idsOf(list)).toEqual(['good'])
    expect([...list.state().unreadable.keys()]).toEqual(['bad1', 'bad2'])
    await list.addIds([asId('bad1')])
    expect([...list.state().unsaved]).toEqual(['bad1'])
    await list.removeUnreadable()
    expect(list.state().unreadable.size).toBe(0)
    await list.retry()
    expect(idsOf(await stored())).toEqual(['bad1', 'good'])
  })

  it('has tasks of a newer Loupe in it: they are counted, and never written over', async () => {
    const newer = { ...toStored(newEntry(asId('a1'), T0)), version: VERSION + 1, extra: 'kept' }
    await plant('a1', newer)
    const list = await stored()
    expect(list.state().newer).toBe(1)
    await list.addIds([asId('a1')])
    list.remember(asId('a1'), recordAfter(['processed']), true)
    await list.remove([asId('a1')])
    const db = await openDB('loupe')
    expect(await db.get('tasks', [KEY, 'a1'])).toEqual(newer)
    db.close()
  })

  it('has the layout of a newer Loupe: nothing is written, and the tab says why', async () => {
    const db = await openDB('loupe', 99)
    db.close()
    const list = open()
    await list.addIds([asId('a1')])
    expect(list.state().denial).toBe('outdated')
    expect(idsOf(list)).toEqual(['a1'])
  })

  it('makes way for a newer Loupe in another tab, and says so', async () => {
    const list = open()
    await list.addIds([asId('a1')])
    const db = await openDB('loupe', 99)
    expect(list.state().denial).toBe('outdated')
    db.close()
  })
})

it('lets the oldest finished tasks leave, tells how many, and no running one', async () => {
  const list = open()
  const running = entryAfter('running', ['enhancing'], T0 - 1000 * STEP)
  const finished = Array.from({ length: MOST_ENTRIES }, (_, n): Entry => {
    const template = entryAfter('x', ['processed'], T0)
    const record = { ...template.record, seenAt: T0 + n }
    return { id: asId(`f${n}`), addedAt: T0, record }
  })
  await list.add([running, ...finished.slice(0, -1)])
  expect(list.state().left).toBe(0)
  await list.add([...finished.slice(-1), newEntry(asId('new'), T0)])
  const there = (await stored()).state()
  expect(there.entries.size).toBe(MOST_ENTRIES)
  expect(there.left).toBe(2)
  expect(['f0', 'f1', 'f2', 'running', 'new'].map((id) => there.entries.has(asId(id)))).toEqual([
    false,
    false,
    true,
    true,
    true,
  ])
  await list.forgetLeft()
  expect((await stored()).state().left).toBe(0)
})

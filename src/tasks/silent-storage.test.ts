import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openList, type TaskList } from './task-list.ts'
import type { TaskStore } from './task-store.ts'
import { asId, entryAfter, recordAfter } from './testing-list.ts'

/* A browser whose storage does not respond: the list works without it, and is complete once it does. */

/** Blocked storage operations by name. */
const hangs = vi.hoisted(() => new Map<string, Promise<void>>())

vi.mock('./task-store.ts', async (original) => {
  const real = await original<typeof import('./task-store.ts')>()
  return {
    ...real,
    async openStore(...args: Parameters<typeof real.openStore>) {
      await hangs.get('open')
      const store = await real.openStore(...args)
      const slow = Object.entries(store).map(
        ([name, work]: [string, (...all: never[]) => unknown]) => [
          name,
          async (...all: never[]) => {
            await hangs.get(name)
            return work(...all)
          },
        ],
      )
      return Object.fromEntries(slow) as TaskStore
    },
  }
})

const opened: TaskList[] = []
const open = () => {
  const list = openList('aaaaaaaa')
  opened.push(list)
  return list
}

/** Blocks these storage operations. Returns a function to release them. */
function hang(names: readonly string[]): () => void {
  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  for (const name of names) hangs.set(name, held)
  return () => {
    hangs.clear()
    letGo()
  }
}

/** Lets storage work, which has its own timers, without advancing the clock. */
async function until(check: () => void): Promise<void> {
  for (let n = 0; ; n++) {
    try {
      return check()
    } catch (error) {
      if (n > 5000) throw error
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

/** Longer than any timeout. */
const wait = () => vi.advanceTimersByTimeAsync(3000)
const idsOf = (list: TaskList) => [...list.state.get().entries.keys()].sort()

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vi.stubGlobal('indexedDB', new IDBFactory())
  hangs.clear()
  // An earlier visit.
  await open().add([entryAfter('kept', ['enhancing', 'processed'])])
})
afterEach(() => {
  for (const list of opened.splice(0)) list.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe.each([
  ['opening', ['open']],
  ['reading', ['read', 'get']],
  ['anything', ['open', 'read', 'get', 'change', 'setLeft']],
])('if %s never finishes', (_, names) => {
  it('the list shows this tab’s data, and reports it', async () => {
    hang(names)
    const list = open()
    const loading = list.load()
    list.saveRecord(asId('paid'), recordAfter(['processed']), true)
    // Immediately, without waiting for storage.
    expect(list.state.get().entries.get(asId('paid'))?.record.task?.kind).toBe('processed')
    await wait()
    await loading
    expect(list.state.get()).toMatchObject({ loaded: true, denial: 'silent' })
    expect(idsOf(list)).toContain('paid')
    const adding = list.addIds([asId('more')])
    await wait()
    expect(await adding).toBe(1)
    expect(idsOf(list)).toContain('more')
  })

  it('and then does, both stored and new entries are shown', async () => {
    const letGo = hang(names)
    const list = open()
    void list.load()
    list.saveRecord(asId('paid'), recordAfter(['processed']), true)
    await wait()
    letGo()
    await until(() => {
      expect(idsOf(list)).toEqual(['kept', 'paid'])
      expect(list.state.get()).toMatchObject({ denial: null, unsaved: new Set() })
    })
    const later = open()
    await later.load()
    expect(idsOf(later)).toEqual(['kept', 'paid'])
  })
})

it('if writing never finishes, unsaved changes are reported, and written later', async () => {
  const list = open()
  await list.load()
  const letGo = hang(['change'])
  list.saveRecord(asId('kept'), recordAfter(['enhancing', 'processed', 'processed']), false)
  await wait()
  expect(list.state.get()).toMatchObject({ denial: 'silent', unsaved: new Set(['kept']) })
  expect(list.state.get().entries.get(asId('kept'))?.record.requestCount).toBe(3)
  letGo()
  await until(() => expect(list.state.get()).toMatchObject({ denial: null, unsaved: new Set() }))
  const later = open()
  await later.load()
  expect(later.state.get().entries.get(asId('kept'))?.record.requestCount).toBe(3)
})

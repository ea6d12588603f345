import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type List, openList } from './list.ts'
import type { Store } from './store.ts'
import { asId, entryAfter, recordAfter } from './testing.ts'

/* A browser whose storage does not answer: the list is there without it, and has all once it does. */

/** What keeps storage waiting, by what it is asked for. */
const hangs = vi.hoisted(() => new Map<string, Promise<void>>())

vi.mock('./store.ts', async (original) => {
  const real = await original<typeof import('./store.ts')>()
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
      return Object.fromEntries(slow) as Store
    },
  }
})

const opened: List[] = []
const open = () => {
  const list = openList('aaaaaaaa')
  opened.push(list)
  return list
}

/** Storage does not answer to these. Returns the way to let it answer. */
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

/** Lets storage work, which has timers of its own, but no time pass. */
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

/** Long enough for anybody's patience. */
const wait = () => vi.advanceTimersByTimeAsync(3000)
const idsOf = (list: List) => [...list.state().entries.keys()].sort()

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
])('where %s takes for ever', (_, names) => {
  it('the list is there with what this tab has, and says so', async () => {
    hang(names)
    const list = open()
    const loading = list.load()
    list.remember(asId('paid'), recordAfter(['processed']), true)
    // At once, whatever storage does.
    expect(list.state().entries.get(asId('paid'))?.record.task?.kind).toBe('processed')
    await wait()
    await loading
    expect(list.state()).toMatchObject({ loaded: true, denial: 'silent' })
    expect(idsOf(list)).toContain('paid')
    const adding = list.addIds([asId('more')])
    await wait()
    expect(await adding).toBe(1)
    expect(idsOf(list)).toContain('more')
  })

  it('and ends after all, what was kept and what is new are both there', async () => {
    const letGo = hang(names)
    const list = open()
    void list.load()
    list.remember(asId('paid'), recordAfter(['processed']), true)
    await wait()
    letGo()
    await until(() => {
      expect(idsOf(list)).toEqual(['kept', 'paid'])
      expect(list.state()).toMatchObject({ denial: null, unsaved: new Set() })
    })
    const later = open()
    await later.load()
    expect(idsOf(later)).toEqual(['kept', 'paid'])
  })
})

it('where writing takes for ever, what is not written is told, and written later', async () => {
  const list = open()
  await list.load()
  const letGo = hang(['change'])
  list.remember(asId('kept'), recordAfter(['enhancing', 'processed', 'processed']), false)
  await wait()
  expect(list.state()).toMatchObject({ denial: 'silent', unsaved: new Set(['kept']) })
  expect(list.state().entries.get(asId('kept'))?.record.questions).toBe(3)
  letGo()
  await until(() => expect(list.state()).toMatchObject({ denial: null, unsaved: new Set() }))
  const later = open()
  await later.load()
  expect(later.state().entries.get(asId('kept'))?.record.questions).toBe(3)
})

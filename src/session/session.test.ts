import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ApiKey, hashKey } from './api-key.ts'

const KEY = 'the-key-of-work' as ApiKey
const OTHER = 'the-key-of-home' as ApiKey

/** What a browser has for all tabs of an origin: storage, and channels on which nothing is said until `deliver`. */
let channels: FakeChannel[] = []
let waiting: (() => void)[] = []
let said: unknown[] = []
let shared: Storage

class FakeChannel {
  onmessage: ((event: { data: unknown }) => void) | null = null
  constructor() {
    channels.push(this)
  }
  postMessage(data: unknown): void {
    said.push(data)
    for (const other of channels) {
      if (other !== this) waiting.push(() => other.onmessage?.({ data }))
    }
  }
}

function deliver(): void {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next()
}

function storage(): Storage {
  const items = new Map<string, string>()
  return {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => void items.set(name, value),
    removeItem: (name) => void items.delete(name),
    clear: () => items.clear(),
    key: (index) => [...items.keys()][index] ?? null,
    get length() {
      return items.size
    },
  }
}

const all = (store: Storage) =>
  Array.from({ length: store.length }, (_, n) => [store.key(n), store.getItem(store.key(n) ?? '')])

const NAME = 'loupe:api-key'

/** Another tab: the module once more, with storage of its own. */
async function openTab(key: ApiKey | null = null, own = storage()) {
  if (key !== null) own.setItem(NAME, key)
  vi.resetModules()
  vi.stubGlobal('sessionStorage', own)
  const module = await import('./session.ts')
  // Each tab reaches for the storage by its global name, so it is put there before each call.
  const inTab =
    <A extends unknown[], R>(call: (...args: A) => R) =>
    (...args: A): R => {
      vi.stubGlobal('sessionStorage', own)
      return call(...args)
    }
  return {
    own,
    key: module.currentKey,
    remember: inTab(module.rememberKey),
    take: inTab(module.takeKey),
    forget: inTab(module.forgetKey),
    subscribe: module.subscribeToKey,
  }
}

beforeEach(() => {
  channels = []
  waiting = []
  said = []
  shared = storage()
  vi.stubGlobal('BroadcastChannel', FakeChannel)
  vi.stubGlobal('localStorage', shared)
})
afterEach(() => void vi.unstubAllGlobals())

describe('forgetting', () => {
  it('takes the key from all tabs that have it, and from no other', async () => {
    const [one, two, other] = [await openTab(KEY), await openTab(KEY), await openTab(OTHER)]
    const told = vi.fn()
    two.subscribe(told)
    one.forget()
    deliver()
    expect([one.key(), two.key(), other.key()]).toEqual([null, null, OTHER])
    expect(told).toHaveBeenCalledTimes(1)
    expect(JSON.stringify([said, all(shared)])).not.toContain(KEY)
  })

  it('reaches a tab that was put away when it comes back', async () => {
    const one = await openTab(KEY)
    one.forget()
    const back = await openTab(KEY)
    expect(back.key()).toBe(null)
    expect(all(back.own)).toEqual([])
  })

  it('ends where the key is given again', async () => {
    const one = await openTab(KEY)
    one.forget()
    one.remember(KEY)
    expect((await openTab(KEY)).key()).toBe(KEY)
    expect(all(shared)).toEqual([])
  })

  it('is not undone by an answer that was under way', async () => {
    const [one, two, fresh] = [await openTab(KEY), await openTab(KEY), await openTab()]
    one.forget()
    expect(fresh.take(KEY)).toBe(false)
    deliver()
    expect([two.key(), fresh.key()]).toEqual([null, null])
  })

  it('works without storage as well', async () => {
    vi.stubGlobal('localStorage', undefined)
    const [one, two] = [await openTab(KEY), await openTab(KEY)]
    one.forget()
    deliver()
    expect([one.key(), two.key()]).toEqual([null, null])
  })
})

describe('a question for the key', () => {
  it('is answered by who has one, and by nobody once it is forgotten', async () => {
    const one = await openTab(KEY)
    await openTab()
    const asker = new FakeChannel()
    const heard = vi.fn()
    asker.onmessage = heard
    asker.postMessage('asking')
    deliver()
    expect(heard.mock.calls).toEqual([[{ data: { key: KEY } }]])

    heard.mockClear()
    one.forget()
    asker.postMessage('asking')
    deliver()
    expect(heard.mock.calls).toEqual([[{ data: `forgotten ${hashKey(KEY)}` }]])
  })

  it('has to be asked in these words', async () => {
    await openTab(KEY)
    const asker = new FakeChannel()
    for (const data of [null, '', 'ASKING', { key: OTHER }, ['asking']]) asker.postMessage(data)
    said = []
    deliver()
    expect(said).toEqual([])
  })
})

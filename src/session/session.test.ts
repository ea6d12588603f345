import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ApiKey, hashKey } from './api-key.ts'

const KEY = 'the-key-of-work' as ApiKey
const OTHER = 'the-key-of-home' as ApiKey

/** Shared state of an origin's tabs: storage, and channels that hold messages until `deliver`. */
let channels: FakeChannel[] = []
let waiting: (() => void)[] = []
let posted: unknown[] = []
let shared: Storage

class FakeChannel {
  onmessage: ((event: { data: unknown }) => void) | null = null
  constructor() {
    channels.push(this)
  }
  postMessage(data: unknown): void {
    posted.push(data)
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

/** Another tab: a second instance of the module, with its own storage. */
async function openTab(key: ApiKey | null = null, own = storage()) {
  if (key !== null) own.setItem(NAME, key)
  vi.resetModules()
  vi.stubGlobal('sessionStorage', own)
  const module = await import('./session.ts')
  // Tabs access storage by its global name, so it is stubbed before each call.
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
  posted = []
  shared = storage()
  vi.stubGlobal('BroadcastChannel', FakeChannel)
  vi.stubGlobal('localStorage', shared)
})
afterEach(() => void vi.unstubAllGlobals())

describe('removing the key', () => {
  it('removes it from all tabs that have it, and from no other', async () => {
    const [one, two, other] = [await openTab(KEY), await openTab(KEY), await openTab(OTHER)]
    const listener = vi.fn()
    two.subscribe(listener)
    one.forget()
    deliver()
    expect([one.key(), two.key(), other.key()]).toEqual([null, null, OTHER])
    expect(listener).toHaveBeenCalledTimes(1)
    expect(JSON.stringify([posted, all(shared)])).not.toContain(KEY)
  })

  it('reaches a suspended tab when it resumes', async () => {
    const one = await openTab(KEY)
    one.forget()
    const back = await openTab(KEY)
    expect(back.key()).toBe(null)
    expect(all(back.own)).toEqual([])
  })

  it('is undone when the key is entered again', async () => {
    const one = await openTab(KEY)
    one.forget()
    one.remember(KEY)
    expect((await openTab(KEY)).key()).toBe(KEY)
    expect(all(shared)).toEqual([['loupe:key-used', '']])
  })

  it('is not undone by a response in flight', async () => {
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

describe('a request for the key', () => {
  it('gets a response from tabs that have it, and from none once it is removed', async () => {
    const one = await openTab(KEY)
    await openTab()
    const poller = new FakeChannel()
    const onMessage = vi.fn()
    poller.onmessage = onMessage
    poller.postMessage('asking')
    deliver()
    expect(onMessage.mock.calls).toEqual([[{ data: { key: KEY } }]])

    onMessage.mockClear()
    one.forget()
    poller.postMessage('asking')
    deliver()
    expect(onMessage.mock.calls).toEqual([[{ data: `forgotten ${hashKey(KEY)}` }]])
  })

  it('must match exactly', async () => {
    await openTab(KEY)
    const poller = new FakeChannel()
    for (const data of [null, '', 'ASKING', { key: OTHER }, ['asking']]) poller.postMessage(data)
    posted = []
    deliver()
    expect(posted).toEqual([])
  })
})

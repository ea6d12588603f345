import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { MINUTE, SECOND } from '../../core/lib/units.ts'
import type { ApiKey } from '../session/api-key.ts'
import type { TabMessage } from './tab-sync.ts'
import { recordAfter } from './testing-list.ts'

/* The poller in a browser that grants no locks, has frozen the leader, or is wrong about its network. */

// React Query polls only if there is a window, which it checks when it is loaded.
vi.hoisted(() => {
  Object.assign(globalThis, { window: globalThis, location: { hostname: 'loupe.example' } })
})
const { onlineManager, QueryClient } = await import('@tanstack/react-query')
const { createPoller } = await import('./poller.ts')

const START = Date.UTC(2026, 0, 1, 12)
const KEY = 'key-1234567890' as ApiKey
const [A, B] = ['a', 'b'] as TaskId[] as [TaskId, TaskId]

/** When each request was sent, in ms. */
let requestTimes: number[] = []
/** Whether requests reach the server. */
let connected = true
let visibility: 'visible' | 'hidden' = 'visible'
let listeners: Map<string, Set<() => void>>
const dispatch = (name: string) => {
  for (const listener of [...(listeners.get(name) ?? [])]) listener()
}

/** Channel of the tab under test: its messages, and a function to send it one. */
let posted: TabMessage[] = []
let speak: (message: TabMessage) => void = () => {}

const refused = (name: string) => () => Promise.reject(new DOMException('refused', name))
const NEVER = new Promise<never>(() => {})

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  requestTimes = []
  posted = []
  connected = true
  visibility = 'visible'
  listeners = new Map()
  const store = new Map<string, string>()
  const on = (name: string, listener: () => void) =>
    void listeners.set(name, (listeners.get(name) ?? new Set()).add(listener))
  const off = (name: string, listener: () => void) => void listeners.get(name)?.delete(listener)
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => store.get(name) ?? null,
    setItem: (name: string, text: string) => store.set(name, text),
  })
  vi.stubGlobal('addEventListener', on)
  vi.stubGlobal('removeEventListener', off)
  vi.stubGlobal('document', {
    get visibilityState() {
      return visibility
    },
    addEventListener: on,
    removeEventListener: off,
  })
  vi.stubGlobal('navigator', { locks: undefined, onLine: true })
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      onmessage: (event: { data: unknown }) => void = () => {}
      constructor() {
        speak = (data) => this.onmessage({ data })
      }
      postMessage(message: TabMessage) {
        posted.push(message)
      }
      close() {}
    },
  )
  // A task that ends after five minutes.
  vi.stubGlobal('fetch', async () => {
    requestTimes.push(Date.now() - START)
    if (!connected) throw new TypeError('Failed to fetch')
    await new Promise((resolve) => setTimeout(resolve, 100))
    const data =
      Date.now() > START + 5 * MINUTE
        ? {
            status: 'PROCESSED',
            creditsDeducted: true,
            files: [{ downloadLink: 'https://files.test/a.png' }],
          }
        : { status: 'ENHANCING', progress: '40' }
    return Response.json({ status: 'success', data })
  })
})
afterEach(() => {
  onlineManager.setOnline(true)
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const open = () => createPoller(new QueryClient(), KEY)
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe.each<[string, () => unknown]>([
  ['are rejected', refused('SecurityError')],
  ['are rejected as if the page was closed', refused('InvalidStateError')],
  ['are refused as if they were stolen', refused('AbortError')],
  [
    'throw',
    () => {
      throw new DOMException('refused', 'SecurityError')
    },
  ],
  ['are never given', () => NEVER],
  ['return nothing', () => undefined],
])('if locks %s', (_, request) => {
  it('the tab polls on its own, and requests few of them', async () => {
    const requests = vi.fn(request)
    vi.stubGlobal('navigator', { locks: { request: requests }, onLine: true })
    const poller = open()
    poller.follow([A])
    await pass(20 * MINUTE)
    expect(poller.state().role).toBe('solo')
    expect(poller.recordOf(A).task?.kind).toBe('processed')
    // Two at the start, two to take over, and two for each request.
    expect(requests.mock.calls.length).toBeLessThanOrEqual(4 + 2 * requestTimes.length)
    expect(requestTimes.length).toBeLessThan(60)
    poller.close()
  })
})

describe('if another tab is the leader', () => {
  /** The other tab holds the leader's lock until it is stolen. */
  const taken = {
    request: async (name: string, ...rest: unknown[]) => {
      const work = rest.at(-1) as (lock: object) => unknown
      const { steal } = (rest.length > 1 ? rest[0] : {}) as LockOptions
      return name.endsWith(':asker') && !steal ? NEVER : work({ name })
    },
  }
  const announce = (visible: boolean, inMs: number) =>
    speak({
      type: 'asker',
      tab: 'other',
      visible,
      plan: { a: { kind: 'ask', at: Date.now() + inMs, why: 'due' } },
    })
  /** A follower, whose leader has announced a check in a minute. */
  const listening = async () => {
    vi.stubGlobal('navigator', { locks: taken, onLine: true })
    const poller = open()
    poller.follow([A])
    await pass(10)
    announce(true, MINUTE)
    await pass(3 * SECOND)
    expect([poller.state().role, requestTimes]).toEqual(['follower', []])
    return poller
  }

  it('and is frozen, a manual check is sent by its own tab, once', async () => {
    const poller = await listening()
    poller.checkNow(A)
    await pass(2 * SECOND)
    expect(poller.state().role).toBe('leader')
    expect(requestTimes).toHaveLength(1)
    poller.close()
  })

  it('and responds, a manual check is left to it', async () => {
    const poller = await listening()
    poller.checkNow(A)
    expect(posted.at(-1)).toEqual({ type: 'ask', id: A })
    await pass(100)
    announce(true, MINUTE)
    await pass(10 * SECOND)
    expect([poller.state().role, requestTimes]).toEqual(['follower', []])
    poller.close()
  })

  it('and is hidden, a manual check with a response is not sent again', async () => {
    const poller = await listening()
    poller.checkNow(A)
    await pass(100)
    speak({ type: 'record', id: A, record: recordAfter(['processed'], START) })
    announce(false, MINUTE)
    await pass(2 * SECOND)
    expect([poller.state().role, requestTimes]).toEqual(['leader', []])
    poller.close()
  })

  it('and is frozen later, this one takes over once the task is overdue', async () => {
    const poller = await listening()
    await pass(50 * SECOND)
    expect(poller.state().role).toBe('follower')
    await pass(40 * SECOND)
    expect(poller.state().role).toBe('leader')
    await pass(20 * MINUTE)
    expect(poller.recordOf(A).task?.kind).toBe('processed')
    poller.close()
  })

  it('and keeps running, no tab takes over', async () => {
    const poller = await listening()
    for (let n = 0; n < 20; n++) {
      announce(true, MINUTE)
      await pass(50 * SECOND)
    }
    expect([poller.state().role, requestTimes]).toEqual(['follower', []])
    poller.close()
  })

  it('and is hidden, this visible tab takes over', async () => {
    const poller = await listening()
    announce(false, MINUTE)
    await pass(2 * SECOND)
    expect(poller.state().role).toBe('leader')
    poller.close()
  })
})

describe('a browser that reports being offline', () => {
  const sayOffline = (onLine: boolean) => {
    vi.stubGlobal('navigator', { locks: undefined, onLine })
    onlineManager.setOnline(onLine)
    dispatch(onLine ? 'online' : 'offline')
  }

  it.each(['before the first question', 'later'])(
    'and is wrong, %s, does not stop checks',
    async (when) => {
      const poller = open()
      if (when === 'later') {
        poller.follow([A])
        await pass(10 * SECOND)
      }
      sayOffline(false)
      const before = requestTimes.length
      poller.checkNow(B)
      await pass(SECOND)
      expect(poller.recordOf(B).task?.kind).toBe('enhancing')
      expect(requestTimes.length).toBeGreaterThan(before)
      poller.follow([A])
      await pass(20 * MINUTE)
      expect(poller.recordOf(A).task?.kind).toBe('processed')
      poller.close()
    },
  )

  it('and is right is tried occasionally, which costs nothing, and at once when it is back', async () => {
    const poller = open()
    poller.follow([A])
    await pass(10 * SECOND)
    connected = false
    sayOffline(false)
    const before = requestTimes.length
    const { length: counted } = poller.state().quota.sent
    await pass(30 * MINUTE)
    expect(requestTimes.length - before).toBeLessThan(70)
    expect(poller.state().quota.sent).toHaveLength(counted)
    // The last try has just failed.
    const tries = requestTimes.length
    for (let n = 0; n < 700 && requestTimes.length === tries; n++) await pass(100)
    connected = true
    sayOffline(true)
    await pass(SECOND)
    expect(poller.recordOf(A).task?.kind).toBe('processed')
    poller.close()
  })
})

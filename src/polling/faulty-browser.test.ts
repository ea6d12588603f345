import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE, SECOND } from '../lib/units.ts'
import type { ApiKey } from '../session/api-key.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import { recordAfter } from '../watchlist/testing.ts'
// Loaded before the clock is steered: the tab loads it when another one speaks.
import type { TabMessage } from './messages.ts'
import './messages.ts'

/* The asker in a browser that gives no locks, has frozen the tab that asks, or is wrong about its network. */

// React Query polls only where it finds a window, and looks for it when it is loaded.
vi.hoisted(() => {
  Object.assign(globalThis, { window: globalThis, location: { hostname: 'loupe.example' } })
})
const { onlineManager, QueryClient } = await import('@tanstack/react-query')
const { createAsker } = await import('./asker.ts')

const START = Date.UTC(2026, 0, 1, 12)
const KEY = 'key-1234567890' as ApiKey
const [A, B] = ['a', 'b'] as TaskId[] as [TaskId, TaskId]

/** When each question was sent, in ms. */
let asked: number[] = []
/** Whether a question reaches the server. */
let connected = true
let visibility: 'visible' | 'hidden' = 'visible'
let listeners: Map<string, Set<() => void>>
const dispatch = (name: string) => {
  for (const listener of [...(listeners.get(name) ?? [])]) listener()
}

/** The channel of the tab under test: what it said, and the way to speak to it. */
let said: TabMessage[] = []
let speak: (message: TabMessage) => void = () => {}

const refused = (name: string) => () => Promise.reject(new DOMException('refused', name))
const NEVER = new Promise<never>(() => {})

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  asked = []
  said = []
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
        said.push(message)
      }
      close() {}
    },
  )
  // A task that ends after five minutes.
  vi.stubGlobal('fetch', async () => {
    asked.push(Date.now() - START)
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

const open = () => createAsker(new QueryClient(), KEY)
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe.each<[string, () => unknown]>([
  ['are refused', refused('SecurityError')],
  ['are refused as where a page is closed', refused('InvalidStateError')],
  ['are refused as if they were stolen', refused('AbortError')],
  [
    'throw',
    () => {
      throw new DOMException('refused', 'SecurityError')
    },
  ],
  ['are never given', () => NEVER],
  ['answer nothing', () => undefined],
])('where locks %s', (_, request) => {
  it('the tab asks for itself, and requests few of them', async () => {
    const requests = vi.fn(request)
    vi.stubGlobal('navigator', { locks: { request: requests }, onLine: true })
    const asker = open()
    asker.follow([A])
    await pass(20 * MINUTE)
    expect(asker.state().role).toBe('alone')
    expect(asker.recordOf(A).task?.kind).toBe('processed')
    // Two at the start, two to take over, and two for each question.
    expect(requests.mock.calls.length).toBeLessThanOrEqual(4 + 2 * asked.length)
    expect(asked.length).toBeLessThan(60)
    asker.close()
  })
})

describe('where another tab asks', () => {
  /** It has the lock of the one that asks, until that is stolen. */
  const taken = {
    request: async (name: string, ...rest: unknown[]) => {
      const work = rest.at(-1) as (lock: object) => unknown
      const { steal } = (rest.length > 1 ? rest[0] : {}) as LockOptions
      return name.endsWith(':asker') && !steal ? NEVER : work({ name })
    },
  }
  const says = (visible: boolean, inMs: number) =>
    speak({
      type: 'asker',
      tab: 'other',
      visible,
      plan: { a: { kind: 'ask', at: Date.now() + inMs, why: 'due' } },
    })
  /** A tab that listens, and was told that the task is asked in a minute. */
  const listening = async () => {
    vi.stubGlobal('navigator', { locks: taken, onLine: true })
    const asker = open()
    asker.follow([A])
    await pass(10)
    says(true, MINUTE)
    await pass(3 * SECOND)
    expect([asker.state().role, asked]).toEqual(['listening', []])
    return asker
  }

  it('and is frozen, a wish is asked by the tab where it was made, once', async () => {
    const asker = await listening()
    asker.askNow(A)
    await pass(2 * SECOND)
    expect(asker.state().role).toBe('asking')
    expect(asked).toHaveLength(1)
    asker.close()
  })

  it('and answers, a wish is left to it', async () => {
    const asker = await listening()
    asker.askNow(A)
    expect(said.at(-1)).toEqual({ type: 'ask', id: A })
    await pass(100)
    says(true, MINUTE)
    await pass(10 * SECOND)
    expect([asker.state().role, asked]).toEqual(['listening', []])
    asker.close()
  })

  it('where nobody sees it, a wish that it answered is not asked again', async () => {
    const asker = await listening()
    asker.askNow(A)
    await pass(100)
    speak({ type: 'record', id: A, record: recordAfter(['processed'], START) })
    says(false, MINUTE)
    await pass(2 * SECOND)
    expect([asker.state().role, asked]).toEqual(['asking', []])
    asker.close()
  })

  it('and is frozen later, this one takes over once the task is overdue', async () => {
    const asker = await listening()
    await pass(50 * SECOND)
    expect(asker.state().role).toBe('listening')
    await pass(40 * SECOND)
    expect(asker.state().role).toBe('asking')
    await pass(20 * MINUTE)
    expect(asker.recordOf(A).task?.kind).toBe('processed')
    asker.close()
  })

  it('and goes on, nobody takes over', async () => {
    const asker = await listening()
    for (let n = 0; n < 20; n++) {
      says(true, MINUTE)
      await pass(50 * SECOND)
    }
    expect([asker.state().role, asked]).toEqual(['listening', []])
    asker.close()
  })

  it('and goes out of sight, this one, which is seen, takes over', async () => {
    const asker = await listening()
    says(false, MINUTE)
    await pass(2 * SECOND)
    expect(asker.state().role).toBe('asking')
    asker.close()
  })
})

describe('a browser that says it is offline', () => {
  const sayOffline = (onLine: boolean) => {
    vi.stubGlobal('navigator', { locks: undefined, onLine })
    onlineManager.setOnline(onLine)
    dispatch(onLine ? 'online' : 'offline')
  }

  it.each(['before the first question', 'later'])(
    'and is wrong, %s, keeps nobody',
    async (when) => {
      const asker = open()
      if (when === 'later') {
        asker.follow([A])
        await pass(10 * SECOND)
      }
      sayOffline(false)
      const before = asked.length
      asker.askNow(B)
      await pass(SECOND)
      expect(asker.recordOf(B).task?.kind).toBe('enhancing')
      expect(asked.length).toBeGreaterThan(before)
      asker.follow([A])
      await pass(20 * MINUTE)
      expect(asker.recordOf(A).task?.kind).toBe('processed')
      asker.close()
    },
  )

  it('and is right is tried now and then, which costs nothing, and at once when it is back', async () => {
    const asker = open()
    asker.follow([A])
    await pass(10 * SECOND)
    connected = false
    sayOffline(false)
    const before = asked.length
    const { length: counted } = asker.state().allowance.sent
    await pass(30 * MINUTE)
    expect(asked.length - before).toBeLessThan(70)
    expect(asker.state().allowance.sent).toHaveLength(counted)
    // The last try has just failed.
    const tries = asked.length
    for (let n = 0; n < 700 && asked.length === tries; n++) await pass(100)
    connected = true
    sayOffline(true)
    await pass(SECOND)
    expect(asker.recordOf(A).task?.kind).toBe('processed')
    asker.close()
  })
})

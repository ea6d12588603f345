import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openTabs, type Tabs } from './tabs.ts'

/* The locks of a browser that keeps them, or another tab, from working as they should. */

type Callback = (lock: { readonly name: string } | null) => unknown

/** Locks as the standard has them, as far as they are used here. */
class FakeLocks {
  readonly held = new Map<string, { readonly broken: (reason: Error) => void }>()
  readonly queues = new Map<string, (() => void)[]>()

  async request(name: string, ...rest: [LockOptions, Callback] | [Callback]): Promise<unknown> {
    const callback = rest.at(-1) as Callback
    const options = rest.length === 2 ? (rest[0] as LockOptions) : {}
    await null
    if (options.steal) {
      this.held.get(name)?.broken(new DOMException('stolen', 'AbortError'))
      this.held.delete(name)
    }
    if (this.held.has(name)) {
      if (options.ifAvailable) return callback(null)
      await new Promise<void>((resolve, reject) => {
        this.queues.set(name, [...(this.queues.get(name) ?? []), resolve])
        options.signal?.addEventListener('abort', () => {
          const others = this.queues.get(name)?.filter((one) => one !== resolve) ?? []
          this.queues.set(name, others)
          reject(new DOMException('withdrawn', 'AbortError'))
        })
      })
    }
    return new Promise((resolve, reject) => {
      const holder = { broken: reject }
      this.held.set(name, holder)
      void Promise.resolve(callback({ name }))
        .then(resolve, reject)
        .finally(() => {
          if (this.held.get(name) !== holder) return
          this.held.delete(name)
          const [next, ...others] = this.queues.get(name) ?? []
          this.queues.set(name, others)
          next?.()
        })
    })
  }
}

const NEVER = new Promise<never>(() => {})
const opened: Tabs[] = []
let locks: FakeLocks
/** Of the page that was opened last: what it does when it is left or shown again. */
let listeners: Map<string, (event: { readonly persisted: boolean }) => void>

function openPage() {
  const page: typeof listeners = new Map()
  listeners = page
  const roles: string[] = []
  const onAlive = vi.fn()
  const onReturn = vi.fn()
  const onRole = () => roles.push(tabs.role())
  const tabs = openTabs({ keyHash: 'aaaaaaaa', onRole, onMessage: () => {}, onAlive, onReturn })
  opened.push(tabs)
  const turn = async (type: 'pagehide' | 'pageshow', persisted: boolean) => {
    page.get(type)?.({ persisted })
    await settled()
  }
  return { tabs, roles, onAlive, onReturn, turn }
}
const open = () => openPage().tabs

const settled = () => vi.advanceTimersByTimeAsync(10)
const ASKER = 'loupe:aaaaaaaa:asker'
const lifeOf = ({ id }: Tabs) => `loupe:aaaaaaaa:tab:${id}`

beforeEach(() => {
  vi.useFakeTimers()
  locks = new FakeLocks()
  vi.stubGlobal('navigator', { locks })
  vi.stubGlobal('addEventListener', (type: string, listener: () => void) =>
    listeners.set(type, listener),
  )
  vi.stubGlobal('removeEventListener', (type: string, listener: () => void) => {
    if (listeners.get(type) === listener) listeners.delete(type)
  })
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      postMessage() {}
      close() {}
    },
  )
})
afterEach(() => {
  for (const tabs of opened.splice(0)) tabs.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('work under a lock', () => {
  it('goes one after the other', async () => {
    const [one, other] = [open(), open()]
    const order: string[] = []
    const first = one.exclusively('task:a', async () => {
      await new Promise((resolve) => setTimeout(resolve, 5000))
      order.push('first')
      return 1
    })
    await vi.advanceTimersByTimeAsync(10)
    const second = other.exclusively('task:a', async () => {
      order.push('second')
      return 2
    })
    await vi.advanceTimersByTimeAsync(6000)
    expect([await first, await second, order]).toEqual([1, 2, ['first', 'second']])
    await expect(one.exclusively('task:a', () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    )
  })

  it('is not kept waiting for ever by a tab that hangs, which keeps what came of its own', async () => {
    const [stuck, healthy] = [open(), open()]
    let answer = (_: string) => {}
    const hanging = stuck.exclusively(
      'task:a',
      () =>
        new Promise<string>((resolve) => {
          answer = resolve
        }),
    )
    await vi.advanceTimersByTimeAsync(10)
    const work = vi.fn(async () => 'done')
    const waiting = healthy.exclusively('task:a', work)
    await vi.advanceTimersByTimeAsync(20_000)
    // A question may take as long as that.
    expect(work).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await waiting).toBe('done')
    expect(work).toHaveBeenCalledOnce()
    answer('late')
    expect(await hanging).toBe('late')
    const next = healthy.exclusively('task:a', async () => 'next')
    await vi.advanceTimersByTimeAsync(200)
    expect(await next).toBe('next')
  })

  it.each([
    ['never answer', () => NEVER],
    ['are refused', () => Promise.reject(new DOMException('no', 'SecurityError'))],
  ])('is done without one where locks %s', async (_, request) => {
    vi.stubGlobal('navigator', { locks: { request } })
    const done = open().exclusively('task:a', async () => 'done')
    await vi.advanceTimersByTimeAsync(3000)
    expect(await done).toBe('done')
  })
})

describe('a tab that is seen', () => {
  it('takes over from one that says nothing', async () => {
    const [stuck, healthy] = [open(), open()]
    await vi.advanceTimersByTimeAsync(10)
    expect([stuck.role(), healthy.role()]).toEqual(['asking', 'listening'])
    healthy.claim()
    await vi.advanceTimersByTimeAsync(1100)
    expect(healthy.role()).toBe('asking')
  })

  it('takes the lock from nobody but others, also where it is given while it is taken', async () => {
    const [first, second] = [open(), open()]
    await settled()
    second.claim()
    await vi.advanceTimersByTimeAsync(985)
    const grant = locks.queues.get(ASKER)?.[0]
    locks.queues.delete(ASKER)
    first.close()
    await settled()
    // On its way to the second tab while that takes it.
    await vi.advanceTimersByTimeAsync(4)
    grant?.()
    vi.advanceTimersByTime(1)
    await settled()
    expect(second.role()).toBe('asking')
    expect(locks.held.has(ASKER)).toBe(true)
  })

  it('asks for itself where locks never answer, unless another tab asks', async () => {
    vi.stubGlobal('navigator', { locks: { request: () => NEVER } })
    const [alone, told] = [open(), open()]
    for (const tab of [alone, told]) tab.claim()
    await vi.advanceTimersByTimeAsync(1500)
    told.hasAsker()
    await vi.advanceTimersByTimeAsync(2000)
    expect([alone.role(), told.role()]).toEqual(['alone', 'listening'])
  })
})

describe('locks that are refused', () => {
  const REFUSALS = [
    // WebKit, of a page that is being closed.
    new DOMException('The document is not fully active.', 'InvalidStateError'),
    // Chromium, where site data is blocked.
    new DOMException('Access to the Locks API is denied in this context.', 'SecurityError'),
    // What a lock that is stolen is refused with, though none was given.
    new DOMException('', 'AbortError'),
    new TypeError('Not a function'),
  ]
  it.each(REFUSALS)('are not asked for again and again: %s', async (refusal) => {
    const request = refusing(async () => {
      throw refusal
    })
    const tabs = open()
    await vi.advanceTimersByTimeAsync(5000)
    tabs.claim()
    await vi.advanceTimersByTimeAsync(5000)
    expect(request).toHaveBeenCalledTimes(2)
    expect(tabs.role()).toBe('alone')
  })

  it('are not, where they were given first', async () => {
    const request = refusing(async (_, callback) => {
      await null
      callback({ name: '' })
      throw new DOMException('', 'InvalidStateError')
    })
    const tabs = open()
    await vi.advanceTimersByTimeAsync(5000)
    expect(request).toHaveBeenCalledTimes(2)
    expect(tabs.role()).toBe('alone')
  })

  it('are not while a page is closed: it loses what it has, and is refused the rest (WebKit)', async () => {
    let lose = (_: Error) => {}
    let closing = false
    const request = refusing(async (_, callback) => {
      if (closing) throw new DOMException('', 'InvalidStateError')
      await null
      callback({ name: '' })
      return new Promise((_resolve, reject) => {
        lose = reject
      })
    })
    const { roles, turn } = openPage()
    await settled()
    closing = true
    await turn('pagehide', false)
    lose(new DOMException('', 'AbortError'))
    await settled()
    expect(request).toHaveBeenCalledTimes(2)
    expect(roles).toEqual(['asking', 'listening'])
  })

  /** A test of what would spin has to end. */
  function refusing(answer: (name: string, callback: Callback) => Promise<unknown>) {
    const request = vi.fn((name: string, ...rest: [LockOptions, Callback] | [Callback]) =>
      request.mock.calls.length > 100 ? NEVER : answer(name, rest.at(-1) as Callback),
    )
    vi.stubGlobal('navigator', { locks: { request } })
    return request
  }
})

describe('a page that is left', () => {
  it('lets go, and queues again when it is shown again', async () => {
    const { tabs, roles, onReturn, turn } = openPage()
    await settled()
    const before = lifeOf(tabs)
    expect([...locks.held.keys()]).toEqual([ASKER, before])
    await turn('pagehide', true)
    expect(tabs.role()).toBe('listening')
    expect(locks.held.size).toBe(0)
    expect(onReturn).not.toHaveBeenCalled()

    await turn('pageshow', true)
    expect(onReturn).toHaveBeenCalledOnce()
    expect(roles).toEqual(['asking', 'listening', 'asking'])
    // By another name: others may hear only now that the old one is gone.
    expect([...locks.held.keys()]).toEqual([ASKER, lifeOf(tabs)])
    expect(lifeOf(tabs)).not.toBe(before)
    tabs.close()
    await settled()
    expect(locks.held.size).toBe(0)
  })

  it('is alive for others when they can wait for its end, and each time anew', async () => {
    const other = open()
    const { tabs, onAlive, turn } = openPage()
    const alive: string[] = []
    onAlive.mockImplementation(() => {
      expect(locks.held.has(lifeOf(tabs))).toBe(true)
      alive.push(tabs.id)
    })
    const gone = vi.fn()
    other.whenGone(tabs.id, gone)
    await settled()
    expect(alive).toEqual([tabs.id])
    expect(gone).not.toHaveBeenCalled()
    await turn('pagehide', true)
    expect(gone).toHaveBeenCalledOnce()
    await turn('pageshow', true)
    expect(alive).toHaveLength(2)
    expect(alive.at(-1)).toBe(tabs.id)
    await turn('pagehide', true)
    expect(alive).toHaveLength(2)
  })

  it('listens when it is shown again while another tab asks', async () => {
    const { tabs, turn } = openPage()
    await settled()
    await turn('pagehide', true)
    const other = open()
    await settled()
    expect(other.role()).toBe('asking')
    await turn('pageshow', true)
    expect([tabs.role(), other.role()]).toEqual(['listening', 'asking'])
    other.close()
    await settled()
    expect(tabs.role()).toBe('asking')
  })

  it('waits for no lock while nobody sees it', async () => {
    const first = open()
    const { tabs: second, turn } = openPage()
    await settled()
    await turn('pagehide', true)
    first.close()
    await settled()
    expect(second.role()).toBe('listening')
    await turn('pageshow', true)
    expect(second.role()).toBe('asking')
  })

  it('and comes anew, not as it was, is another page', async () => {
    const { onAlive, onReturn, turn } = openPage()
    await settled()
    await turn('pageshow', false)
    expect(onAlive).toHaveBeenCalledOnce()
    expect(onReturn).not.toHaveBeenCalled()
  })

  it('asks for itself as before where there are no locks', async () => {
    vi.stubGlobal('navigator', { locks: undefined })
    const { tabs, onReturn, turn } = openPage()
    await turn('pagehide', true)
    await turn('pageshow', true)
    expect(tabs.role()).toBe('alone')
    expect(onReturn).toHaveBeenCalledOnce()
  })
})

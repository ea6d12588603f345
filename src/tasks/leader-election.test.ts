import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { electLeader, type LeaderElection } from './leader-election.ts'

/* Leader election with faulty locks or faulty tabs. */

type Callback = (lock: { readonly name: string } | null) => unknown

/** Locks as specified, as far as they are used here. */
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
const opened: LeaderElection[] = []
let locks: FakeLocks
/** Page event listeners of the last opened page. */
let listeners: Map<string, (event: { readonly persisted: boolean }) => void>

function openPage() {
  const page: typeof listeners = new Map()
  listeners = page
  const roles: string[] = []
  const onAlive = vi.fn()
  const onReturn = vi.fn()
  const onRole = () => roles.push(tabs.role())
  const tabs = electLeader({ keyHash: 'aaaaaaaa', onRole, onMessage: () => {}, onAlive, onReturn })
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
const lifeOf = ({ id }: LeaderElection) => `loupe:aaaaaaaa:tab:${id}`

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
  it('runs one after the other', async () => {
    const [one, other] = [open(), open()]
    const order: string[] = []
    const first = one.withLock('task:a', async () => {
      await new Promise((resolve) => setTimeout(resolve, 5000))
      order.push('first')
      return 1
    })
    await vi.advanceTimersByTimeAsync(10)
    const second = other.withLock('task:a', async () => {
      order.push('second')
      return 2
    })
    await vi.advanceTimersByTimeAsync(6000)
    expect([await first, await second, order]).toEqual([1, 2, ['first', 'second']])
    await expect(one.withLock('task:a', () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    )
  })

  it('does not wait forever for a tab that hangs, which keeps its own result', async () => {
    const [stuck, healthy] = [open(), open()]
    let respond = (_: string) => {}
    const hanging = stuck.withLock(
      'task:a',
      () =>
        new Promise<string>((resolve) => {
          respond = resolve
        }),
    )
    await vi.advanceTimersByTimeAsync(10)
    const work = vi.fn(async () => 'done')
    const waiting = healthy.withLock('task:a', work)
    await vi.advanceTimersByTimeAsync(20_000)
    // A request may take that long.
    expect(work).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await waiting).toBe('done')
    expect(work).toHaveBeenCalledOnce()
    respond('late')
    expect(await hanging).toBe('late')
    const next = healthy.withLock('task:a', async () => 'next')
    await vi.advanceTimersByTimeAsync(200)
    expect(await next).toBe('next')
  })

  it.each([
    ['never respond', () => NEVER],
    ['are rejected', () => Promise.reject(new DOMException('no', 'SecurityError'))],
  ])('runs without one if locks %s', async (_, request) => {
    vi.stubGlobal('navigator', { locks: { request } })
    const done = open().withLock('task:a', async () => 'done')
    await vi.advanceTimersByTimeAsync(3000)
    expect(await done).toBe('done')
  })
})

describe('a visible tab', () => {
  it('takes over from one that does not respond', async () => {
    const [stuck, healthy] = [open(), open()]
    await vi.advanceTimersByTimeAsync(10)
    expect([stuck.role(), healthy.role()]).toEqual(['leader', 'follower'])
    healthy.requestLeadership()
    await vi.advanceTimersByTimeAsync(1100)
    expect(healthy.role()).toBe('leader')
  })

  it('steals the lock only from others, even if it is granted meanwhile', async () => {
    const [first, second] = [open(), open()]
    await settled()
    second.requestLeadership()
    await vi.advanceTimersByTimeAsync(985)
    const grant = locks.queues.get(ASKER)?.[0]
    locks.queues.delete(ASKER)
    first.close()
    await settled()
    // In transit to the second tab while that steals it.
    await vi.advanceTimersByTimeAsync(4)
    grant?.()
    vi.advanceTimersByTime(1)
    await settled()
    expect(second.role()).toBe('leader')
    expect(locks.held.has(ASKER)).toBe(true)
  })

  it('polls on its own if locks never respond, unless another tab is the leader', async () => {
    vi.stubGlobal('navigator', { locks: { request: () => NEVER } })
    const [alone, follower] = [open(), open()]
    for (const tab of [alone, follower]) tab.requestLeadership()
    await vi.advanceTimersByTimeAsync(1500)
    follower.onLeaderSeen()
    await vi.advanceTimersByTimeAsync(2000)
    expect([alone.role(), follower.role()]).toEqual(['solo', 'follower'])
  })
})

describe('rejected locks', () => {
  const REFUSALS = [
    // WebKit, for a page that is being closed.
    new DOMException('The document is not fully active.', 'InvalidStateError'),
    // Chromium, where site data is blocked.
    new DOMException('Access to the Locks API is denied in this context.', 'SecurityError'),
    // The error of a stolen lock, though none was granted.
    new DOMException('', 'AbortError'),
    new TypeError('Not a function'),
  ]
  it.each(REFUSALS)('are not requested repeatedly: %s', async (refusal) => {
    const request = refusing(async () => {
      throw refusal
    })
    const tabs = open()
    await vi.advanceTimersByTimeAsync(5000)
    tabs.requestLeadership()
    await vi.advanceTimersByTimeAsync(5000)
    expect(request).toHaveBeenCalledTimes(2)
    expect(tabs.role()).toBe('solo')
  })

  it('are requested again if granted before', async () => {
    const request = refusing(async (_, callback) => {
      await null
      callback({ name: '' })
      throw new DOMException('', 'InvalidStateError')
    })
    const tabs = open()
    await vi.advanceTimersByTimeAsync(5000)
    expect(request).toHaveBeenCalledTimes(2)
    expect(tabs.role()).toBe('solo')
  })

  it('do not matter while a page is closed: its locks are taken, and others rejected (WebKit)', async () => {
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
    expect(roles).toEqual(['leader', 'follower'])
  })

  /** Ends a test that would loop forever. */
  function refusing(respond: (name: string, callback: Callback) => Promise<unknown>) {
    const request = vi.fn((name: string, ...rest: [LockOptions, Callback] | [Callback]) =>
      request.mock.calls.length > 100 ? NEVER : respond(name, rest.at(-1) as Callback),
    )
    vi.stubGlobal('navigator', { locks: { request } })
    return request
  }
})

describe('a page that is left', () => {
  it('releases the lock, and queues again when it is shown again', async () => {
    const { tabs, roles, onReturn, turn } = openPage()
    await settled()
    const before = lifeOf(tabs)
    expect([...locks.held.keys()]).toEqual([ASKER, before])
    await turn('pagehide', true)
    expect(tabs.role()).toBe('follower')
    expect(locks.held.size).toBe(0)
    expect(onReturn).not.toHaveBeenCalled()

    await turn('pageshow', true)
    expect(onReturn).toHaveBeenCalledOnce()
    expect(roles).toEqual(['leader', 'follower', 'leader'])
    // With a new ID: others may notice only now that the old one is gone.
    expect([...locks.held.keys()]).toEqual([ASKER, lifeOf(tabs)])
    expect(lifeOf(tabs)).not.toBe(before)
    tabs.close()
    await settled()
    expect(locks.held.size).toBe(0)
  })

  it('announces itself once others can wait for its end, each time it is shown', async () => {
    const other = open()
    const { tabs, onAlive, turn } = openPage()
    const alive: string[] = []
    onAlive.mockImplementation(() => {
      expect(locks.held.has(lifeOf(tabs))).toBe(true)
      alive.push(tabs.id)
    })
    const gone = vi.fn()
    other.onTabClosed(tabs.id, gone)
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

  it('follows when it is shown again while another tab is the leader', async () => {
    const { tabs, turn } = openPage()
    await settled()
    await turn('pagehide', true)
    const other = open()
    await settled()
    expect(other.role()).toBe('leader')
    await turn('pageshow', true)
    expect([tabs.role(), other.role()]).toEqual(['follower', 'leader'])
    other.close()
    await settled()
    expect(tabs.role()).toBe('leader')
  })

  it('waits for no lock while in the cache', async () => {
    const first = open()
    const { tabs: second, turn } = openPage()
    await settled()
    await turn('pagehide', true)
    first.close()
    await settled()
    expect(second.role()).toBe('follower')
    await turn('pageshow', true)
    expect(second.role()).toBe('leader')
  })

  it('and is reloaded, not restored, is another page', async () => {
    const { onAlive, onReturn, turn } = openPage()
    await settled()
    await turn('pageshow', false)
    expect(onAlive).toHaveBeenCalledOnce()
    expect(onReturn).not.toHaveBeenCalled()
  })

  it('still polls on its own without lock support', async () => {
    vi.stubGlobal('navigator', { locks: undefined })
    const { tabs, onReturn, turn } = openPage()
    await turn('pagehide', true)
    await turn('pageshow', true)
    expect(tabs.role()).toBe('solo')
    expect(onReturn).toHaveBeenCalledOnce()
  })
})

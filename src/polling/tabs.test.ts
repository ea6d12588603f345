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
      await new Promise<void>((resolve) => {
        this.queues.set(name, [...(this.queues.get(name) ?? []), resolve])
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
const open = () => {
  const tabs = openTabs({ keyHash: 'aaaaaaaa', onRole: () => {}, onMessage: () => {} })
  opened.push(tabs)
  return tabs
}

let locks: FakeLocks

beforeEach(() => {
  vi.useFakeTimers()
  locks = new FakeLocks()
  vi.stubGlobal('navigator', { locks })
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

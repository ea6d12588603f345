import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { HOUR, MINUTE, SECOND } from '../../core/lib/units.ts'
import { fullQuota, quotaStatus } from '../../core/quota/quota.ts'
import { type ApiKey, hashKey } from '../session/api-key.ts'
import { stubBrowser } from './testing-browser.ts'

/* The poller with a server that counts for all clients and caches responses. */

// React Query polls only if there is a window, which it checks when it is loaded.
vi.hoisted(() => {
  Object.assign(globalThis, { window: globalThis, location: { hostname: 'loupe.example' } })
})
const { QueryClient } = await import('@tanstack/react-query')
const { createPoller } = await import('./poller.ts')

const START = Date.UTC(2026, 0, 1, 12)
const KEY = 'key-1234567890' as ApiKey
const TASK = 'a' as TaskId

interface Asked {
  readonly at: number
  readonly isForced: boolean
}

/** Milliseconds that the device's clock is behind the server's. */
let behind = 0

/** A server that has a new response each `every` ms, or if forced, and reports what is left. */
function startServer(every: number, remaining = () => 98) {
  const requests: Asked[] = []
  let made = START - 500
  vi.stubGlobal('fetch', async (_url: string, init: { headers: Record<string, string> }) => {
    const now = Date.now() + behind
    const isForced = init.headers['Cache-Control'] === 'no-cache'
    requests.push({ at: now, isForced })
    if (isForced || now >= made + every) made = now
    const next = made + every - now
    const left = remaining()
    const headers = {
      'loupe-answer': `at=${made}, age=${now - made}, next=${next}`,
      'ratelimit-policy': '"hour";q=100;w=3600',
      ratelimit: `"hour";r=${left};t=600`,
      ...(left <= 2 ? { 'retry-after': '600' } : {}),
    }
    const data = { status: 'ENHANCING', progress: '40', creditsDeducted: false }
    return Response.json({ status: 'success', data }, { headers })
  })
  return requests
}

let store: Map<string, string>

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  behind = 0
  store = stubBrowser().store
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const open = () => createPoller(new QueryClient(), KEY)

describe('a cached response', () => {
  it('has the age that the server reports', async () => {
    startServer(MINUTE)
    const poller = open()
    poller.follow([TASK])
    await vi.advanceTimersByTimeAsync(SECOND)
    expect(poller.recordOf(TASK)).toMatchObject({ requestCount: 1, seenAt: START - 500 })
    expect(poller.state().serverManaged).toBe(true)
    poller.close()
  })

  it('counts as no request and no observation, and no check is sent before there is a newer one', async () => {
    const requests = startServer(40 * SECOND)
    const poller = open()
    const stop = poller.follow([TASK])
    await vi.advanceTimersByTimeAsync(SECOND)
    stop()
    const before = poller.recordOf(TASK)
    const again = await poller.refetch(TASK)
    expect(again.requestCount).toBe(2)
    // An immediate second check gets the same response.
    poller.open(TASK)
    await vi.advanceTimersByTimeAsync(39 * SECOND)
    expect(before.observations).toHaveLength(1)
    expect(poller.recordOf(TASK)).toEqual(again)
    expect(requests.map(({ isForced }) => isForced)).toEqual([false, true])
    await vi.advanceTimersByTimeAsync(2 * SECOND)
    expect(poller.recordOf(TASK).requestCount).toBe(3)
    const { length } = requests
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    // Never more often than it has a new one.
    expect(requests.length - length).toBeLessThanOrEqual(15)
    expect(poller.recordOf(TASK).requestCount).toBe(requests.length)
    poller.close()
  })

  it('is returned to a check before there is a newer one, and changes nothing', async () => {
    const requests = startServer(40 * SECOND)
    const poller = open()
    poller.follow([TASK])
    await vi.advanceTimersByTimeAsync(SECOND)
    const before = poller.recordOf(TASK)
    await poller.check(TASK)
    expect(requests).toHaveLength(2)
    expect(poller.recordOf(TASK)).toBe(before)
    expect(poller.responsesOf(TASK)).toHaveLength(1)
    poller.close()
  })

  it('delays no check after the device’s clock was set back', async () => {
    const requests = startServer(40 * SECOND)
    const poller = open()
    // More than are in flight at once, so that most timers are set after the change.
    const tasks = Array.from({ length: 8 }, (_, index) => `task-${index}` as TaskId)
    poller.follow(tasks)
    await vi.advanceTimersByTimeAsync(SECOND)
    behind = 3 * HOUR
    vi.setSystemTime(Date.now() - behind)
    const { length } = requests
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    for (const id of tasks) expect(poller.recordOf(id).requestCount).toBeGreaterThan(2)
    // And no more often than the server has a new response.
    expect(requests.length - length).toBeLessThanOrEqual(16 * tasks.length)
    poller.close()
  })
})

describe('a task that was started here', () => {
  /** A server that lists it after `listedAfter` ms, and caches a rejection for five minutes unless forced. */
  const startLate = (listedAfter: number) => {
    const requests: Asked[] = []
    let held: { status: number; at: number } | null = null
    vi.stubGlobal('fetch', async (_url: string, init: { headers: Record<string, string> }) => {
      const at = Date.now()
      const isForced = init.headers['Cache-Control'] === 'no-cache'
      requests.push({ at, isForced })
      if (held === null || isForced || at - held.at >= 5 * MINUTE)
        held = { status: at - START >= listedAfter ? 200 : 404, at }
      const next = held.at + 5 * MINUTE - at
      const headers = { 'loupe-answer': `at=${held.at}, age=${at - held.at}, next=${next}` }
      return held.status === 404
        ? Response.json({ error: 'NOT_FOUND', message: 'No such task' }, { status: 404, headers })
        : Response.json(
            { status: 'success', data: { status: 'ENHANCING', progress: '40' } },
            { headers },
          )
    })
    return requests
  }

  it.each([10 * SECOND, MINUTE, 4 * MINUTE])(
    'is checked until it is listed, %s ms later',
    async (late) => {
      const requests = startLate(late)
      const poller = open()
      poller.started(TASK, { startedAt: START, quotedCredits: 10 })
      poller.follow([TASK])
      await vi.advanceTimersByTimeAsync(late - SECOND)
      expect(poller.recordOf(TASK).failure?.error.kind).toBe('missing')
      await vi.advanceTimersByTimeAsync(MINUTE)
      expect(poller.recordOf(TASK)).toMatchObject({ failure: null, task: { progress: 40 } })
      expect(requests.length).toBeLessThan(12)
      poller.close()
    },
  )

  it('is given up if it is not listed after minutes', async () => {
    const requests = startLate(HOUR)
    const poller = open()
    poller.started(TASK, { startedAt: START, quotedCredits: 10 })
    poller.follow([TASK])
    await vi.advanceTimersByTimeAsync(7 * MINUTE)
    const { length } = requests
    await vi.advanceTimersByTimeAsync(30 * MINUTE)
    expect(requests).toHaveLength(length)
    expect(poller.state().plan.get(TASK)).toBeUndefined()
    poller.close()
  })
})

describe('the quota', () => {
  it('is the server’s, not this tab’s count', async () => {
    let left = 40
    startServer(MINUTE, () => left)
    const poller = open()
    poller.follow([TASK])
    await vi.advanceTimersByTimeAsync(SECOND)
    expect(quotaStatus(poller.state().quota, Date.now()).left).toBe(38)
    left = 98
    await poller.refetch(TASK)
    expect(quotaStatus(poller.state().quota, Date.now()).left).toBe(96)
    left = 2
    await poller.refetch(TASK)
    expect(quotaStatus(poller.state().quota, Date.now())).toMatchObject({
      left: 0,
      blockedUntil: null,
    })
    poller.close()
  })

  it('if used up blocks neither the first check of a task nor the user’s checks', async () => {
    const requests = startServer(HOUR, () => 2)
    const poller = open()
    poller.follow([TASK])
    await vi.advanceTimersByTimeAsync(SECOND)
    poller.follow(['b' as TaskId])
    await vi.advanceTimersByTimeAsync(SECOND)
    expect(poller.recordOf('b' as TaskId).task?.kind).toBe('enhancing')
    await poller.refetch(TASK)
    expect(requests).toHaveLength(3)
    await vi.advanceTimersByTimeAsync(5 * MINUTE)
    expect(requests).toHaveLength(3)
    poller.close()
  })

  const MANY = Array.from({ length: 300 }, (_, index) => `task-${index}` as TaskId)
  /** State of an earlier visit with a counting server. */
  const counted = () => {
    const text = JSON.stringify({ allowance: fullQuota(), paused: false, counted: true })
    store.set(`loupe:asking:${hashKey(KEY)}`, text)
  }

  it('is respected if the server counted in an earlier visit, and does not in this one', async () => {
    counted()
    let requests = 0
    vi.stubGlobal('fetch', async () => {
      requests++
      await new Promise((resolve) => setTimeout(resolve, SECOND))
      return Response.json({ status: 'success', data: { status: 'PENDING', progress: '0' } })
    })
    const poller = open()
    poller.follow(MANY)
    await vi.advanceTimersByTimeAsync(900)
    expect(requests).toBe(1)
    await vi.advanceTimersByTimeAsync(2 * MINUTE)
    expect(requests).toBeGreaterThan(50)
    expect(requests).toBeLessThanOrEqual(100)
    poller.close()
  })

  it('delays no task once the first response came from a server that still counts', async () => {
    counted()
    const requests = startServer(HOUR)
    const poller = open()
    poller.follow(MANY)
    await vi.advanceTimersByTimeAsync(SECOND)
    expect(requests).toHaveLength(300)
    poller.close()
  })

  it('lets tasks be tried one by one if the server is down', async () => {
    counted()
    const requests: string[] = []
    vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
      requests.push(body)
      throw new TypeError('Failed to fetch')
    })
    const poller = open()
    poller.follow(MANY.slice(0, 20))
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(new Set(requests).size).toBe(20)
    expect(requests.length).toBeLessThan(200)
    poller.close()
  })

  it('lets all tasks resume together when the server reports that the API is back', async () => {
    const back = START + 4 * MINUTE
    let next = START
    vi.stubGlobal('fetch', async () => {
      const now = Date.now()
      if (now >= next) next = now + 20 * SECOND
      const headers = { 'loupe-answer': `at=${next - 20 * SECOND}, age=0, next=${next - now}` }
      return now < back
        ? new Response('<html>', { status: 503, headers })
        : Response.json({ status: 'success', data: { status: 'PROCESSED' } }, { headers })
    })
    const poller = open()
    const tasks = MANY.slice(0, 20)
    poller.follow(tasks)
    await vi.advanceTimersByTimeAsync(4 * MINUTE - 1)
    // Each error was reported for each task, so each would wait for a minute on its own.
    expect(tasks.some((id) => poller.recordOf(id).task !== null)).toBe(false)
    await vi.advanceTimersByTimeAsync(21 * SECOND)
    const known = tasks.filter((id) => poller.recordOf(id).task !== null)
    expect(known).toHaveLength(20)
    poller.close()
  })

  it('is counted here again if the server does not', async () => {
    startServer(MINUTE, () => 40)
    const poller = open()
    poller.follow([TASK])
    await vi.advanceTimersByTimeAsync(SECOND)
    vi.stubGlobal('fetch', async () =>
      Response.json({ status: 'success', data: { status: 'ENHANCING', progress: '41' } }),
    )
    await poller.refetch(TASK)
    expect(poller.state().serverManaged).toBe(false)
    const { length } = poller.state().quota.sent
    await poller.refetch(TASK)
    expect(poller.state().quota.sent).toHaveLength(length + 1)
    poller.close()
  })
})

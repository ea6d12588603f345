import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { MINUTE, SECOND } from '../../core/lib/units.ts'
import { quotaStatus } from '../../core/quota/quota.ts'
import type { ApiKey } from '../session/api-key.ts'
import { stubBrowser } from './testing-browser.ts'

/* The poller during an outage of the host. The clock is fake. */

// React Query polls only if there is a window, which it checks when it is loaded.
vi.hoisted(() => {
  Object.assign(globalThis, { window: globalThis, location: { hostname: 'loupe.example' } })
})
const { QueryClient } = await import('@tanstack/react-query')
const { serverBack } = await import('../api/server-signals.ts')
const { createPoller } = await import('./poller.ts')

const START = Date.UTC(2026, 0, 1, 12)
const KEY = 'key-1234567890' as ApiKey
const TWENTY = Array.from({ length: 20 }, (_, n) => `task-${n}` as TaskId)

const done = () =>
  Response.json({
    status: 'success',
    data: {
      status: 'PROCESSED',
      deductedCredits: 10,
      creditsDeducted: true,
      files: [{ downloadLink: 'https://files.test/a.png' }],
    },
  })
const running = () =>
  Response.json({ status: 'success', data: { status: 'ENHANCING', progress: '40' } })

/** Responses during an outage, from a browser or from a Loupe server that forwards each request. */
const OUTAGES = {
  'the server cannot be reached': () => Promise.reject(new TypeError('Failed to fetch')),
  'the server finds no way to the API': async () =>
    Response.json({ error: 'UPSTREAM_UNREACHABLE', message: 'x', sent: false }, { status: 502 }),
  'the API responds that it is busy': async () => new Response('<html>', { status: 503 }),
  'the API does not respond': async () =>
    Response.json({ error: 'UPSTREAM_TIMEOUT', message: 'x' }, { status: 504 }),
}
type Kind = keyof typeof OUTAGES
const isUnsent = (kind: Kind) => kind.startsWith('the server')

interface Try {
  readonly at: number
  readonly id: string
}

/** An API that is down from one time to another, in ms; then each task is done. */
function startApi(kind: Kind, from: number, to: number) {
  const tries: Try[] = []
  let mostInFlight = 0
  let inFlight = 0
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    const at = Date.now() - START
    tries.push({ at, id: JSON.parse(body).data.taskId })
    const trip = 50 + (tries.length % 20)
    mostInFlight = Math.max(mostInFlight, ++inFlight)
    await new Promise((resolve) => setTimeout(resolve, trip))
    inFlight--
    if (at < from) return running()
    return at < to ? OUTAGES[kind]() : done()
  })
  return {
    between: (one: number, other: number) => tries.filter(({ at }) => at >= one && at < other),
    mostInFlight: () => mostInFlight,
    forget: () => {
      mostInFlight = 0
    },
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  stubBrowser()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe.each(Object.keys(OUTAGES) as Kind[])('if %s', (kind) => {
  it('for 2.5 minutes, twenty new tasks are loaded within 30 s after', async () => {
    const [from, to] = [0, 150 * SECOND]
    const api = startApi(kind, from, to)
    const poller = createPoller(new QueryClient(), KEY)
    poller.follow(TWENTY)
    await vi.advanceTimersByTimeAsync(SECOND)
    api.forget()
    await vi.advanceTimersByTimeAsync(to - SECOND)
    expect(api.mostInFlight()).toBe(1)
    expect(api.between(SECOND, to).length).toBeLessThan(20)
    await vi.advanceTimersByTimeAsync(30 * SECOND)
    const known = TWENTY.filter((id) => poller.recordOf(id).task?.kind === 'processed')
    expect(known).toHaveLength(20)
    const { left } = quotaStatus(poller.state().quota, Date.now())
    const reached = api.between(isUnsent(kind) ? to : from, Number.POSITIVE_INFINITY).length
    expect(left).toBe(98 - reached)
    poller.close()
  })

  it('while tasks run, all resume at once when it is back, and none is checked twice', async () => {
    const [from, to] = [MINUTE, 5 * MINUTE]
    const api = startApi(kind, from, to)
    const poller = createPoller(new QueryClient(), KEY)
    poller.follow(TWENTY)
    await vi.advanceTimersByTimeAsync(to + 30 * SECOND)
    const after = api.between(to, Number.POSITIVE_INFINITY)
    expect(after.map(({ id }) => id).sort()).toEqual([...TWENTY].sort())
    const [first, ...others] = after.map(({ at }) => at)
    expect(first).toBeLessThan(to + 21 * SECOND)
    // Its response, then all at once.
    expect(Math.max(...others)).toBeLessThanOrEqual((first ?? 0) + SECOND)
    poller.close()
  })

  it('a single task is retried within a minute, and manually at once', async () => {
    const [task] = TWENTY
    if (task === undefined) throw new Error('there are twenty')
    const to = 10 * MINUTE
    const api = startApi(kind, 0, to)
    const poller = createPoller(new QueryClient(), KEY)
    poller.follow([task])
    await vi.advanceTimersByTimeAsync(5 * MINUTE)
    const before = api.between(0, to).length
    void poller.refetch(task)
    await vi.advanceTimersByTimeAsync(100)
    expect(api.between(0, to)).toHaveLength(before + 1)
    await vi.advanceTimersByTimeAsync(to + MINUTE - 5 * MINUTE)
    expect(poller.recordOf(task).task?.kind).toBe('processed')
    poller.close()
  })
})

it('when Loupe’s server is back, all tasks are checked within a second, and only once', async () => {
  const [from, to] = [MINUTE, 5 * MINUTE]
  const api = startApi('the server cannot be reached', from, to)
  const poller = createPoller(new QueryClient(), KEY)
  poller.follow(TWENTY)
  await vi.advanceTimersByTimeAsync(to + 10)
  serverBack.send()
  await vi.advanceTimersByTimeAsync(SECOND)
  expect(
    api
      .between(to, to + SECOND)
      .map(({ id }) => id)
      .sort(),
  ).toEqual([...TWENTY].sort())
  poller.close()
})

it('a task that fails while others succeed delays none of them', async () => {
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    return body.includes('bad') ? new Response('"Error getting data"', { status: 500 }) : running()
  })
  const poller = createPoller(new QueryClient(), KEY)
  const good = 'good' as TaskId
  const why = new Set<string>()
  poller.subscribe(() => why.add(poller.state().plan.get(good)?.why ?? 'none'))
  poller.follow([good, 'bad' as TaskId])
  await vi.advanceTimersByTimeAsync(20 * MINUTE)
  expect(poller.recordOf(good).requestCount).toBeGreaterThan(20)
  expect([...why].sort()).toEqual(['due', 'in-flight'])
  poller.close()
})

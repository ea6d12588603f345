import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE, SECOND } from '../lib/units.ts'
import type { ApiKey } from '../session/api-key.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import { standing } from './budget.ts'

/* The asker before a host that nobody can reach for a while. The clock is steered. */

// React Query polls only where it finds a window, and looks for it when it is loaded.
vi.hoisted(() => {
  Object.assign(globalThis, { window: globalThis, location: { hostname: 'loupe.example' } })
})
const { QueryClient } = await import('@tanstack/react-query')
const { createAsker } = await import('./asker.ts')

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

/** What a browser, or Loupe's server where it passes each question on, makes of an outage. */
const OUTAGES = {
  'the server cannot be reached': () => Promise.reject(new TypeError('Failed to fetch')),
  'the server finds no way to the API': async () =>
    Response.json({ error: 'UPSTREAM_UNREACHABLE', message: 'x', sent: false }, { status: 502 }),
  'the API answers that it is busy': async () => new Response('<html>', { status: 503 }),
  'the API does not answer': async () =>
    Response.json({ error: 'UPSTREAM_TIMEOUT', message: 'x' }, { status: 504 }),
}
type Kind = keyof typeof OUTAGES
const isUnsent = (kind: Kind) => kind.startsWith('the server')

interface Try {
  readonly at: number
  readonly id: string
}

/** An API that does not answer from one time to another, in ms; then each task is done. */
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
  const store = new Map<string, string>()
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => store.get(name) ?? null,
    setItem: (name: string, text: string) => store.set(name, text),
  })
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('removeEventListener', () => {})
  vi.stubGlobal('navigator', { locks: undefined, onLine: true })
  vi.stubGlobal('document', {
    visibilityState: 'visible',
    addEventListener: () => {},
    removeEventListener: () => {},
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
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe.each(Object.keys(OUTAGES) as Kind[])('where %s', (kind) => {
  it('for 2.5 minutes, twenty tasks that nothing is known of are known 30 s after', async () => {
    const [from, to] = [0, 150 * SECOND]
    const api = startApi(kind, from, to)
    const asker = createAsker(new QueryClient(), KEY)
    asker.follow(TWENTY)
    await vi.advanceTimersByTimeAsync(SECOND)
    api.forget()
    await vi.advanceTimersByTimeAsync(to - SECOND)
    expect(api.mostInFlight()).toBe(1)
    expect(api.between(SECOND, to).length).toBeLessThan(20)
    await vi.advanceTimersByTimeAsync(30 * SECOND)
    const known = TWENTY.filter((id) => asker.recordOf(id).task?.kind === 'processed')
    expect(known).toHaveLength(20)
    const { left } = standing(asker.state().allowance, Date.now())
    const reached = api.between(isUnsent(kind) ? to : from, Number.POSITIVE_INFINITY).length
    expect(left).toBe(98 - reached)
    asker.close()
  })

  it('while tasks run, all go on at once when it is back, and none is asked twice', async () => {
    const [from, to] = [MINUTE, 5 * MINUTE]
    const api = startApi(kind, from, to)
    const asker = createAsker(new QueryClient(), KEY)
    asker.follow(TWENTY)
    await vi.advanceTimersByTimeAsync(to + 30 * SECOND)
    const after = api.between(to, Number.POSITIVE_INFINITY)
    expect(after.map(({ id }) => id).sort()).toEqual([...TWENTY].sort())
    const [first, ...others] = after.map(({ at }) => at)
    expect(first).toBeLessThan(to + 21 * SECOND)
    // Its answer, then all at once.
    expect(Math.max(...others)).toBeLessThanOrEqual((first ?? 0) + SECOND)
    asker.close()
  })

  it('a single task is tried again within a minute, and by a wish at once', async () => {
    const [task] = TWENTY
    if (task === undefined) throw new Error('there are twenty')
    const to = 10 * MINUTE
    const api = startApi(kind, 0, to)
    const asker = createAsker(new QueryClient(), KEY)
    asker.follow([task])
    await vi.advanceTimersByTimeAsync(5 * MINUTE)
    const before = api.between(0, to).length
    void asker.fresh(task)
    await vi.advanceTimersByTimeAsync(100)
    expect(api.between(0, to)).toHaveLength(before + 1)
    await vi.advanceTimersByTimeAsync(to + MINUTE - 5 * MINUTE)
    expect(asker.recordOf(task).task?.kind).toBe('processed')
    asker.close()
  })
})

it('a task that fails while others are answered keeps none of them waiting', async () => {
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    return body.includes('bad') ? new Response('"Error getting data"', { status: 500 }) : running()
  })
  const asker = createAsker(new QueryClient(), KEY)
  const good = 'good' as TaskId
  const why = new Set<string>()
  asker.subscribe(() => why.add(asker.state().plan.get(good)?.why ?? 'none'))
  asker.follow([good, 'bad' as TaskId])
  await vi.advanceTimersByTimeAsync(20 * MINUTE)
  expect(asker.recordOf(good).questions).toBeGreaterThan(20)
  expect([...why].sort()).toEqual(['due', 'in-flight'])
  asker.close()
})

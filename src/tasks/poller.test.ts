import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { asTaskId, type TaskId } from '../../core/api/task-id.ts'
import { HOUR } from '../../core/lib/units.ts'
import { EMPTY_RECORD, type TaskRecord } from '../../core/record/task-record.ts'
import type { ApiKey } from '../session/api-key.ts'
import { stubBrowser } from './testing-browser.ts'
import { recordAfter } from './testing-list.ts'

/*
 * The poller with the real React Query, scheduler and quota, against an API with a limit. Only browser
 * APIs are stubbed, and the clock is fake.
 */

// React Query polls only if there is a window, which it checks when it is loaded.
vi.hoisted(() => {
  Object.assign(globalThis, { window: globalThis, location: { hostname: 'loupe.example' } })
})
const { QueryClient } = await import('@tanstack/react-query')
const { createPoller } = await import('./poller.ts')
const { NO_STORE } = await import('./record-store.ts')

const START = Date.UTC(2026, 0, 1, 12)

interface Api {
  /** Epoch ms of each request that arrived. */
  readonly asked: { readonly id: string; readonly at: number }[]
  refused: number
  mostInFlight: number
}

/** An API whose tasks end at given times, with a sliding limit and a round trip of 150 ms. */
function startApi(ends: ReadonlyMap<string, number>, limit: number): Api {
  const api: Api = { asked: [], refused: 0, mostInFlight: 0 }
  const inFlight = new Map<string, number>()
  vi.stubGlobal('fetch', async (_url: string, init: { body: string }) => {
    const id: string = JSON.parse(init.body).data.taskId
    const at = Date.now()
    const recent = api.asked.filter((one) => one.at > at - HOUR).length
    api.asked.push({ id, at })
    inFlight.set(id, (inFlight.get(id) ?? 0) + 1)
    api.mostInFlight = Math.max(api.mostInFlight, inFlight.get(id) ?? 0)
    await new Promise((resolve) => setTimeout(resolve, 150))
    inFlight.set(id, (inFlight.get(id) ?? 0) - 1)
    if (recent >= limit) {
      api.refused++
      return new Response('{"error":"RATE_LIMIT_EXCEEDED"}', { status: 429 })
    }
    const end = ends.get(id) ?? 0
    const done = Date.now() >= end
    const progress = Math.min(99, Math.floor((100 * (Date.now() - START)) / (end - START)))
    const data = done
      ? { status: 'PROCESSED', progress: '100', deductedCredits: 10, creditsDeducted: true }
      : { status: 'ENHANCING', progress: String(progress), creditsDeducted: false }
    return Response.json({ status: 'success', data })
  })
  return api
}

const id = (text: string): TaskId => {
  const parsed = asTaskId(text)
  if (parsed === null) throw new Error('not an id')
  return parsed
}

let tab: ReturnType<typeof stubBrowser>

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  tab = stubBrowser()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const KEY = 'key-1234567890' as ApiKey
const open = () => createPoller(new QueryClient(), KEY)

describe('a poller', () => {
  it('detects every end of thirty tasks within a hundred requests an hour, without a 429', async () => {
    const ends = new Map(
      Array.from({ length: 30 }, (_, n) => [`t${n}`, START + (20 + n * 37) * 1000]),
    )
    const api = startApi(ends, 100)
    const poller = open()
    for (const task of ends.keys()) poller.follow([id(task)])
    await vi.advanceTimersByTimeAsync(2 * HOUR)
    for (const task of ends.keys()) {
      const last = api.asked.findLast((one) => one.id === task)
      expect(last?.at).toBeGreaterThanOrEqual((ends.get(task) ?? 0) - 150)
    }
    expect(api.refused).toBe(0)
    expect(api.mostInFlight).toBe(1)
    const count = api.asked.length
    await vi.advanceTimersByTimeAsync(2 * HOUR)
    expect(api.asked).toHaveLength(count)
    poller.close()
  })

  it('checks less while hidden, and catches up with one request when shown', async () => {
    const api = startApi(new Map([['a', START + 10 * HOUR]]), 100)
    const poller = open()
    poller.follow([id('a')])
    await vi.advanceTimersByTimeAsync(600_000)
    const seen = api.asked.length
    tab.look('hidden')
    await vi.advanceTimersByTimeAsync(600_000)
    const hidden = api.asked.length - seen
    expect(hidden).toBeLessThan(seen)
    // The device sleeps: no timer runs, and the clock is hours ahead afterwards.
    vi.setSystemTime(Date.now() + 8 * HOUR)
    const before = api.asked.length
    tab.look('visible')
    await vi.advanceTimersByTimeAsync(1000)
    expect(api.asked.length - before).toBe(1)
    poller.close()
  })

  it('sends only manual checks while paused, and none after the last follower has left', async () => {
    const api = startApi(new Map([['a', START + 10 * HOUR]]), 100)
    const poller = open()
    const leave = poller.follow([id('a')])
    await vi.advanceTimersByTimeAsync(10_000)
    poller.setPaused(true)
    const before = api.asked.length
    await vi.advanceTimersByTimeAsync(HOUR)
    expect(api.asked).toHaveLength(before)
    poller.checkNow(id('a'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(api.asked).toHaveLength(before + 1)
    poller.setPaused(false)
    await vi.advanceTimersByTimeAsync(HOUR)
    expect(api.asked.length).toBeGreaterThan(before + 1)
    leave()
    const after = api.asked.length
    await vi.advanceTimersByTimeAsync(HOUR)
    expect(api.asked).toHaveLength(after)
    poller.close()
  })

  it('keeps to a lowered limit, even with a hundred tasks at once', async () => {
    const ends = new Map(Array.from({ length: 100 }, (_, n) => [`t${n}`, START + (60 + n) * 1000]))
    const api = startApi(ends, 20)
    const poller = open()
    poller.setLimit(20)
    for (const task of ends.keys()) poller.follow([id(task)])
    await vi.advanceTimersByTimeAsync(1000)
    const waits = [...poller.state().plan.values()].filter(
      (next) => next.kind === 'ask' && next.why === 'allowance',
    )
    // The quota is too small for them: each has its time.
    expect(waits.length).toBeGreaterThan(70)
    await vi.advanceTimersByTimeAsync(8 * HOUR)
    expect(api.refused).toBe(0)
    expect(new Set(api.asked.map((one) => one.id)).size).toBe(100)
    poller.close()
  })

  it('announces a task that was started here before its first check, and checks it when it may be over', async () => {
    const api = startApi(new Map([['a', START + 60_000]]), 100)
    const saved: unknown[] = []
    const memory = {
      ...NO_STORE,
      loadRecord: () => Promise.reject(new Error('nothing was asked of it in an earlier visit')),
      saveRecord: (...args: unknown[]) => void saved.push(args),
    }
    const poller = createPoller(new QueryClient(), KEY, memory)
    const start = { startedAt: START, quotedCredits: 10 }
    poller.started(id('a'), start)
    const record = poller.recordOf(id('a'))
    expect(record).toMatchObject({ ...start, requestCount: 0, restored: false })
    expect(saved).toEqual([['a', record, true]])
    expect(tab.posted).toContainEqual({ type: 'record', id: 'a', record })
    poller.started(id('a'), { startedAt: START + 1, quotedCredits: 20 })
    expect(poller.recordOf(id('a'))).toBe(record)
    expect(saved).toHaveLength(1)
    poller.open(id('a'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(api.asked).toEqual([])
    await vi.advanceTimersByTimeAsync(10 * 60_000)
    expect(api.asked.length).toBeGreaterThan(1)
    expect(poller.recordOf(id('a'))).toMatchObject({ ...start, task: { kind: 'processed' } })
    poller.close()
  })

  const asStored = (requestCount: number): TaskRecord => ({
    ...EMPTY_RECORD,
    requestCount,
    firstRequestedAt: START - HOUR,
    requestedAt: START - HOUR,
    restored: true,
  })

  it('refreshes a restored record when its task is opened, unless paused', async () => {
    const api = startApi(new Map([['a', START - 1000]]), 100)
    const poller = open()
    poller.restore([[id('a'), { ...recordAfter(['processed'], START - HOUR), restored: true }]])
    poller.setPaused(true)
    const leave = poller.open(id('a'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(api.asked).toEqual([])
    poller.checkNow(id('a'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(api.asked).toHaveLength(1)
    leave()
    poller.restore([[id('b'), { ...recordAfter(['processed'], START - HOUR), restored: true }]])
    poller.setPaused(false)
    poller.open(id('b'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(api.asked.map((one) => one.id)).toEqual(['a', 'b'])
    poller.close()
  })

  it('checks a task that is opened, though its end is read from the list meanwhile', async () => {
    const api = startApi(new Map([['a', START - 1000]]), 100)
    const poller = open()
    poller.open(id('a'))
    poller.restore([[id('a'), { ...recordAfter(['processed'], START - HOUR), restored: true }]])
    await vi.advanceTimersByTimeAsync(1000)
    expect(api.asked).toHaveLength(1)
    poller.close()
  })

  /** A store whose stored record comes when `load` is called. */
  const lateStore = () => {
    let resolveLoad = (_: TaskRecord | null) => {}
    const saved: TaskRecord[] = []
    const memory = {
      ...NO_STORE,
      loadRecord: () =>
        new Promise<TaskRecord | null>((resolve) => {
          resolveLoad = resolve
        }),
      saveRecord: (_: TaskId, record: TaskRecord) => void saved.push(record),
    }
    return { memory, saved, load: (record: TaskRecord | null) => resolveLoad(record) }
  }

  it.each(['never', 'late', 'at once'] as const)(
    'shows, sends and stores a response at once, though the stored record comes %s',
    async (when) => {
      startApi(new Map([['a', START - 1000]]), 100)
      const { memory, saved, load } = lateStore()
      const poller = createPoller(new QueryClient(), KEY, memory)
      poller.follow([id('a')])
      await vi.advanceTimersByTimeAsync(100)
      if (when === 'at once') load(asStored(7))
      await vi.advanceTimersByTimeAsync(100)
      const count = when === 'at once' ? 8 : 1
      const shown = poller.recordOf(id('a'))
      expect(shown).toMatchObject({ requestCount: count, task: { kind: 'processed' } })
      expect(tab.posted).toContainEqual({ type: 'record', id: 'a', record: shown })
      expect(saved).toEqual([shown])
      if (when !== 'late') return poller.close()
      load(asStored(7))
      await vi.advanceTimersByTimeAsync(0)
      const full = poller.recordOf(id('a'))
      expect(full).toMatchObject({
        requestCount: 8,
        firstRequestedAt: START - HOUR,
        task: { kind: 'processed' },
        deduction: { requestNumber: 8 },
      })
      expect(tab.posted).toContainEqual({ type: 'record', id: 'a', record: full })
      expect(saved.at(-1)).toEqual(full)
      poller.close()
    },
  )

  it('shows what was stored, though it comes after several errors', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    const { memory, saved, load } = lateStore()
    const poller = createPoller(new QueryClient(), KEY, memory)
    poller.follow([id('a')])
    await vi.advanceTimersByTimeAsync(10_000)
    const { requestCount } = poller.recordOf(id('a'))
    expect(requestCount).toBeGreaterThan(1)
    const { task } = recordAfter(['processed'])
    load({ ...asStored(7), task })
    await vi.advanceTimersByTimeAsync(0)
    const full = poller.recordOf(id('a'))
    expect(full).toMatchObject({ requestCount: 7 + requestCount, task: { kind: 'processed' } })
    expect(full.failure).toMatchObject({ error: { kind: 'network' } })
    expect(saved.at(-1)).toEqual(full)
    poller.close()
  })

  it('shows what was stored, though an error is stored before it is read', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    let stored: TaskRecord = { ...asStored(1), task: recordAfter(['processed']).task }
    const memory = {
      ...NO_STORE,
      loadRecord: () =>
        new Promise<TaskRecord | null>((resolve) => {
          setTimeout(() => resolve(stored), 100)
        }),
      saveRecord: (_: TaskId, { failure, requestedAt }: TaskRecord) => {
        stored = { ...stored, failure, requestedAt }
      },
    }
    const poller = createPoller(new QueryClient(), KEY, memory)
    poller.follow([id('a')])
    await vi.advanceTimersByTimeAsync(1000)
    const shown = poller.recordOf(id('a'))
    expect(shown).toMatchObject({ task: { kind: 'processed' } })
    expect(shown.failure).toMatchObject({ error: { kind: 'network' } })
    poller.close()
  })

  it('counts a response once, though it is stored before the earlier record is read', async () => {
    startApi(new Map([['a', START - 1000]]), 100)
    let saved: TaskRecord | null = null
    const memory = {
      ...NO_STORE,
      loadRecord: () =>
        new Promise<TaskRecord | null>((resolve) => {
          setTimeout(() => resolve(saved), 1000)
        }),
      saveRecord: (_: TaskId, record: TaskRecord) => {
        saved = record
      },
    }
    const poller = createPoller(new QueryClient(), KEY, memory)
    poller.follow([id('a')])
    await vi.advanceTimersByTimeAsync(2000)
    expect(poller.recordOf(id('a')).requestCount).toBe(1)
    poller.close()
  })

  it('logs the outcome of each request, including failures, and never the key', async () => {
    startApi(new Map([['a', START + 10_000]]), 100)
    const poller = open()
    poller.follow([id('a')])
    await vi.advanceTimersByTimeAsync(1000)
    const [first] = poller.responsesOf(id('a'))
    expect(first).toMatchObject({
      kind: 'reply',
      askedAt: START + 1,
      answeredAt: START + 151,
      reply: { status: 200, headers: { 'content-type': 'application/json' } },
    })
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    const before = poller.responsesOf(id('a')).length
    poller.checkNow(id('a'))
    await vi.advanceTimersByTimeAsync(0)
    const responses = poller.responsesOf(id('a'))
    expect(responses).toHaveLength(before + 1)
    expect(responses.at(-1)).toMatchObject({ kind: 'silence', why: 'network' })
    expect(JSON.stringify(responses)).not.toContain(KEY)
    expect(poller.responsesOf(id('b'))).toEqual([])
    poller.close()
  })
})

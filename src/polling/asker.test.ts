import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HOUR } from '../lib/units.ts'
import type { ApiKey } from '../session/api-key.ts'
import { asTaskId, type TaskId } from '../upscayl/task-id.ts'
import { type TaskRecord, UNASKED } from './task-record.ts'

/*
 * The asker with the real React Query, policy and allowance, against an API that keeps a limit. Only
 * what a browser would give is stood in for, and the clock is steered.
 */

// React Query polls only where it finds a window, and looks for it when it is loaded.
vi.hoisted(() => {
  Object.assign(globalThis, { window: globalThis, location: { hostname: 'loupe.example' } })
})
const { QueryClient } = await import('@tanstack/react-query')
const { createAsker } = await import('./asker.ts')

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

let listeners: Map<string, () => void>
/** What this tab told others. */
let posted: unknown[]
let visibility: 'visible' | 'hidden'
const look = (next: typeof visibility) => {
  visibility = next
  listeners.get('visibilitychange')?.()
}

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  const store = new Map<string, string>()
  listeners = new Map()
  visibility = 'visible'
  posted = []
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => store.get(name) ?? null,
    setItem: (name: string, text: string) => store.set(name, text),
  })
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('removeEventListener', () => {})
  vi.stubGlobal('navigator', { locks: undefined, onLine: true })
  vi.stubGlobal('document', {
    get visibilityState() {
      return visibility
    },
    addEventListener: (name: string, listener: () => void) => listeners.set(name, listener),
    removeEventListener: (name: string) => listeners.delete(name),
  })
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      postMessage(message: unknown) {
        posted.push(message)
      }
      close() {}
    },
  )
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const KEY = 'key-1234567890' as ApiKey
const open = () => createAsker(new QueryClient(), KEY)

describe('an asker', () => {
  it('learns of every end of thirty tasks within a hundred questions an hour, and meets no 429', async () => {
    const ends = new Map(
      Array.from({ length: 30 }, (_, n) => [`t${n}`, START + (20 + n * 37) * 1000]),
    )
    const api = startApi(ends, 100)
    const asker = open()
    for (const task of ends.keys()) asker.follow([id(task)])
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
    asker.close()
  })

  it('asks less while nobody looks, and catches up once with one question when somebody does', async () => {
    const api = startApi(new Map([['a', START + 10 * HOUR]]), 100)
    const asker = open()
    asker.follow([id('a')])
    await vi.advanceTimersByTimeAsync(600_000)
    const seen = api.asked.length
    look('hidden')
    await vi.advanceTimersByTimeAsync(600_000)
    const hidden = api.asked.length - seen
    expect(hidden).toBeLessThan(seen)
    // The device sleeps: no timer runs, and the clock is hours ahead afterwards.
    vi.setSystemTime(Date.now() + 8 * HOUR)
    const before = api.asked.length
    look('visible')
    await vi.advanceTimersByTimeAsync(1000)
    expect(api.asked.length - before).toBe(1)
    asker.close()
  })

  it('asks nothing while paused but by hand, and no more after the last follower has left', async () => {
    const api = startApi(new Map([['a', START + 10 * HOUR]]), 100)
    const asker = open()
    const leave = asker.follow([id('a')])
    await vi.advanceTimersByTimeAsync(10_000)
    asker.setPaused(true)
    const before = api.asked.length
    await vi.advanceTimersByTimeAsync(HOUR)
    expect(api.asked).toHaveLength(before)
    asker.askNow(id('a'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(api.asked).toHaveLength(before + 1)
    asker.setPaused(false)
    await vi.advanceTimersByTimeAsync(HOUR)
    expect(api.asked.length).toBeGreaterThan(before + 1)
    leave()
    const after = api.asked.length
    await vi.advanceTimersByTimeAsync(HOUR)
    expect(api.asked).toHaveLength(after)
    asker.close()
  })

  it('keeps to a limit that was lowered, also with a hundred tasks at once', async () => {
    const ends = new Map(Array.from({ length: 100 }, (_, n) => [`t${n}`, START + (60 + n) * 1000]))
    const api = startApi(ends, 20)
    const asker = open()
    asker.setLimit(20)
    for (const task of ends.keys()) asker.follow([id(task)])
    await vi.advanceTimersByTimeAsync(1000)
    const waits = [...asker.state().plan.values()].filter(
      (next) => next.kind === 'ask' && next.why === 'allowance',
    )
    // The hour is too small for them: each knows when its turn is.
    expect(waits.length).toBeGreaterThan(70)
    await vi.advanceTimersByTimeAsync(8 * HOUR)
    expect(api.refused).toBe(0)
    expect(new Set(api.asked.map((one) => one.id)).size).toBe(100)
    asker.close()
  })

  it('tells of a task that was started here before it is asked, and asks it when it may be over', async () => {
    const api = startApi(new Map([['a', START + 60_000]]), 100)
    const remembered: unknown[] = []
    const memory = {
      recall: () => Promise.reject(new Error('nothing was asked of it in an earlier visit')),
      remember: (...told: unknown[]) => void remembered.push(told),
    }
    const asker = createAsker(new QueryClient(), KEY, memory)
    const start = { startedAt: START, announced: 10 }
    asker.started(id('a'), start)
    const record = asker.recordOf(id('a'))
    expect(record).toMatchObject({ ...start, questions: 0, recalled: false })
    expect(remembered).toEqual([['a', record, true]])
    expect(posted).toContainEqual({ type: 'record', id: 'a', record })
    asker.started(id('a'), { startedAt: START + 1, announced: 20 })
    expect(asker.recordOf(id('a'))).toBe(record)
    expect(remembered).toHaveLength(1)
    asker.open(id('a'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(api.asked).toEqual([])
    await vi.advanceTimersByTimeAsync(10 * 60_000)
    expect(api.asked.length).toBeGreaterThan(1)
    expect(asker.recordOf(id('a'))).toMatchObject({ ...start, task: { kind: 'processed' } })
    asker.close()
  })

  const asRemembered = (questions: number): TaskRecord => ({
    ...UNASKED,
    questions,
    firstAskedAt: START - HOUR,
    askedAt: START - HOUR,
    recalled: true,
  })

  it.each(['never', 'late', 'at once'] as const)(
    'shows, tells and remembers an answer at once, though what was known of the task comes %s',
    async (when) => {
      startApi(new Map([['a', START - 1000]]), 100)
      let answer = (_: TaskRecord | null) => {}
      const remembered: TaskRecord[] = []
      const memory = {
        recall: () =>
          new Promise<TaskRecord | null>((resolve) => {
            answer = resolve
          }),
        remember: (_: TaskId, record: TaskRecord) => void remembered.push(record),
      }
      const asker = createAsker(new QueryClient(), KEY, memory)
      asker.follow([id('a')])
      await vi.advanceTimersByTimeAsync(100)
      if (when === 'at once') answer(asRemembered(7))
      await vi.advanceTimersByTimeAsync(100)
      const count = when === 'at once' ? 8 : 1
      const shown = asker.recordOf(id('a'))
      expect(shown).toMatchObject({ questions: count, task: { kind: 'processed' } })
      expect(posted).toContainEqual({ type: 'record', id: 'a', record: shown })
      expect(remembered).toEqual([shown])
      if (when !== 'late') return asker.close()
      answer(asRemembered(7))
      await vi.advanceTimersByTimeAsync(0)
      const full = asker.recordOf(id('a'))
      expect(full).toMatchObject({
        questions: 8,
        firstAskedAt: START - HOUR,
        task: { kind: 'processed' },
        receipt: { question: 8 },
      })
      expect(posted).toContainEqual({ type: 'record', id: 'a', record: full })
      expect(remembered.at(-1)).toEqual(full)
      asker.close()
    },
  )

  it('counts an answer once, though it is remembered before what was known of the task comes', async () => {
    startApi(new Map([['a', START - 1000]]), 100)
    let remembered: TaskRecord | null = null
    const memory = {
      recall: () =>
        new Promise<TaskRecord | null>((resolve) => {
          setTimeout(() => resolve(remembered), 1000)
        }),
      remember: (_: TaskId, record: TaskRecord) => {
        remembered = record
      },
    }
    const asker = createAsker(new QueryClient(), KEY, memory)
    asker.follow([id('a')])
    await vi.advanceTimersByTimeAsync(2000)
    expect(asker.recordOf(id('a')).questions).toBe(1)
    asker.close()
  })

  it('keeps what came of each question, silences too, and never the key', async () => {
    startApi(new Map([['a', START + 10_000]]), 100)
    const asker = open()
    asker.follow([id('a')])
    await vi.advanceTimersByTimeAsync(1000)
    const [first] = asker.answersOf(id('a'))
    expect(first).toMatchObject({
      kind: 'reply',
      askedAt: START + 1,
      answeredAt: START + 151,
      reply: { status: 200, headers: { 'content-type': 'application/json' } },
    })
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    const before = asker.answersOf(id('a')).length
    asker.askNow(id('a'))
    await vi.advanceTimersByTimeAsync(0)
    const answers = asker.answersOf(id('a'))
    expect(answers).toHaveLength(before + 1)
    expect(answers.at(-1)).toMatchObject({ kind: 'silence', why: 'network' })
    expect(JSON.stringify(answers)).not.toContain(KEY)
    expect(asker.answersOf(id('b'))).toEqual([])
    asker.close()
  })
})

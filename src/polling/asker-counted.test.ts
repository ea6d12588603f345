import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../lib/units.ts'
import { type ApiKey, hashKey } from '../session/api-key.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import { fullAllowance, standing } from './budget.ts'

/* The asker before a server that counts for all who ask through it, and gives answers again. */

// React Query polls only where it finds a window, and looks for it when it is loaded.
vi.hoisted(() => {
  Object.assign(globalThis, { window: globalThis, location: { hostname: 'loupe.example' } })
})
const { QueryClient } = await import('@tanstack/react-query')
const { createAsker } = await import('./asker.ts')

const START = Date.UTC(2026, 0, 1, 12)
const KEY = 'key-1234567890' as ApiKey
const TASK = 'a' as TaskId

interface Asked {
  readonly at: number
  readonly wish: boolean
}

/** A server that has a new answer each `every` ms, or by a wish, and says what is left. */
function startServer(every: number, remaining = () => 98) {
  const asked: Asked[] = []
  let made = START - 500
  vi.stubGlobal('fetch', async (_url: string, init: { headers: Record<string, string> }) => {
    const now = Date.now()
    const wish = init.headers['Cache-Control'] === 'no-cache'
    asked.push({ at: now, wish })
    if (wish || now >= made + every) made = now
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
  return asked
}

let store: Map<string, string>

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  store = new Map()
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

const open = () => createAsker(new QueryClient(), KEY)

describe('an answer that was given before', () => {
  it('is as old as the server says', async () => {
    startServer(MINUTE)
    const asker = open()
    asker.follow([TASK])
    await vi.advanceTimersByTimeAsync(SECOND)
    expect(asker.recordOf(TASK)).toMatchObject({ questions: 1, seenAt: START - 500 })
    expect(asker.state().counted).toBe(true)
    asker.close()
  })

  it('is no question and no observation, and nothing is asked before there is another', async () => {
    const asked = startServer(40 * SECOND)
    const asker = open()
    const stop = asker.follow([TASK])
    await vi.advanceTimersByTimeAsync(SECOND)
    stop()
    const before = asker.recordOf(TASK)
    const again = await asker.fresh(TASK)
    expect(again.questions).toBe(2)
    // One that comes back at once gets the same.
    asker.open(TASK)
    await vi.advanceTimersByTimeAsync(39 * SECOND)
    expect(before.observations).toHaveLength(1)
    expect(asker.recordOf(TASK)).toEqual(again)
    expect(asked.map(({ wish }) => wish)).toEqual([false, true])
    await vi.advanceTimersByTimeAsync(2 * SECOND)
    expect(asker.recordOf(TASK).questions).toBe(3)
    const { length } = asked
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    // Never more often than it has another.
    expect(asked.length - length).toBeLessThanOrEqual(15)
    expect(asker.recordOf(TASK).questions).toBe(asked.length)
    asker.close()
  })

  it('comes to who asks again before there is another, and changes nothing', async () => {
    const asked = startServer(40 * SECOND)
    const asker = open()
    asker.follow([TASK])
    await vi.advanceTimersByTimeAsync(SECOND)
    const before = asker.recordOf(TASK)
    await asker.ask(TASK)
    expect(asked).toHaveLength(2)
    expect(asker.recordOf(TASK)).toBe(before)
    expect(asker.answersOf(TASK)).toHaveLength(1)
    asker.close()
  })
})

describe('a task that was started here', () => {
  /** A server that lists it after `listedAfter` ms, and holds what was refused for five minutes but to a wish. */
  const startLate = (listedAfter: number) => {
    const asked: Asked[] = []
    let held: { status: number; at: number } | null = null
    vi.stubGlobal('fetch', async (_url: string, init: { headers: Record<string, string> }) => {
      const at = Date.now()
      const wish = init.headers['Cache-Control'] === 'no-cache'
      asked.push({ at, wish })
      if (held === null || wish || at - held.at >= 5 * MINUTE)
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
    return asked
  }

  it.each([10 * SECOND, MINUTE, 4 * MINUTE])(
    'is asked about until it is listed, %s ms later',
    async (late) => {
      const asked = startLate(late)
      const asker = open()
      asker.started(TASK, { startedAt: START, announced: 10 })
      asker.follow([TASK])
      await vi.advanceTimersByTimeAsync(late - SECOND)
      expect(asker.recordOf(TASK).failure?.error.kind).toBe('missing')
      await vi.advanceTimersByTimeAsync(MINUTE)
      expect(asker.recordOf(TASK)).toMatchObject({ failure: null, task: { progress: 40 } })
      expect(asked.length).toBeLessThan(12)
      asker.close()
    },
  )

  it('is given up where it is not listed after minutes', async () => {
    const asked = startLate(HOUR)
    const asker = open()
    asker.started(TASK, { startedAt: START, announced: 10 })
    asker.follow([TASK])
    await vi.advanceTimersByTimeAsync(7 * MINUTE)
    const { length } = asked
    await vi.advanceTimersByTimeAsync(30 * MINUTE)
    expect(asked).toHaveLength(length)
    expect(asker.state().plan.get(TASK)).toBeUndefined()
    asker.close()
  })
})

describe('the allowance', () => {
  it('is the server’s, whatever this tab counted', async () => {
    let left = 40
    startServer(MINUTE, () => left)
    const asker = open()
    asker.follow([TASK])
    await vi.advanceTimersByTimeAsync(SECOND)
    expect(standing(asker.state().allowance, Date.now()).left).toBe(38)
    left = 98
    await asker.fresh(TASK)
    expect(standing(asker.state().allowance, Date.now()).left).toBe(96)
    left = 2
    await asker.fresh(TASK)
    expect(standing(asker.state().allowance, Date.now())).toMatchObject({
      left: 0,
      blockedUntil: null,
    })
    asker.close()
  })

  it('that is used up keeps no task from being shown for the first time, nor a wish', async () => {
    const asked = startServer(HOUR, () => 2)
    const asker = open()
    asker.follow([TASK])
    await vi.advanceTimersByTimeAsync(SECOND)
    asker.follow(['b' as TaskId])
    await vi.advanceTimersByTimeAsync(SECOND)
    expect(asker.recordOf('b' as TaskId).task?.kind).toBe('enhancing')
    await asker.fresh(TASK)
    expect(asked).toHaveLength(3)
    await vi.advanceTimersByTimeAsync(5 * MINUTE)
    expect(asked).toHaveLength(3)
    asker.close()
  })

  const MANY = Array.from({ length: 300 }, (_, index) => `task-${index}` as TaskId)
  /** As an earlier visit left it, to a server that counted. */
  const counted = () => {
    const text = JSON.stringify({ allowance: fullAllowance(), paused: false, counted: true })
    store.set(`loupe:asking:${hashKey(KEY)}`, text)
  }

  it('is kept where the server of an earlier visit counted, and that of this one does not', async () => {
    counted()
    let asked = 0
    vi.stubGlobal('fetch', async () => {
      asked++
      await new Promise((resolve) => setTimeout(resolve, SECOND))
      return Response.json({ status: 'success', data: { status: 'PENDING', progress: '0' } })
    })
    const asker = open()
    asker.follow(MANY)
    await vi.advanceTimersByTimeAsync(900)
    expect(asked).toBe(1)
    await vi.advanceTimersByTimeAsync(2 * MINUTE)
    expect(asked).toBeGreaterThan(50)
    expect(asked).toBeLessThanOrEqual(100)
    asker.close()
  })

  it('keeps no task waiting once the first answer came from a server that still counts', async () => {
    counted()
    const asked = startServer(HOUR)
    const asker = open()
    asker.follow(MANY)
    await vi.advanceTimersByTimeAsync(SECOND)
    expect(asked).toHaveLength(300)
    asker.close()
  })

  it('lets tasks be tried one by one where the server is down', async () => {
    counted()
    const asked: string[] = []
    vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
      asked.push(body)
      throw new TypeError('Failed to fetch')
    })
    const asker = open()
    asker.follow(MANY.slice(0, 20))
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(new Set(asked).size).toBe(20)
    expect(asked.length).toBeLessThan(200)
    asker.close()
  })

  it('lets all tasks go on together when the server says that the API is back', async () => {
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
    const asker = open()
    const tasks = MANY.slice(0, 20)
    asker.follow(tasks)
    await vi.advanceTimersByTimeAsync(4 * MINUTE - 1)
    // Each fault was told of each task, so each would wait for a minute by itself.
    expect(tasks.some((id) => asker.recordOf(id).task !== null)).toBe(false)
    await vi.advanceTimersByTimeAsync(21 * SECOND)
    const known = tasks.filter((id) => asker.recordOf(id).task !== null)
    expect(known).toHaveLength(20)
    asker.close()
  })

  it('is counted here again where the server does not', async () => {
    startServer(MINUTE, () => 40)
    const asker = open()
    asker.follow([TASK])
    await vi.advanceTimersByTimeAsync(SECOND)
    vi.stubGlobal('fetch', async () =>
      Response.json({ status: 'success', data: { status: 'ENHANCING', progress: '41' } }),
    )
    await asker.fresh(TASK)
    expect(asker.state().counted).toBe(false)
    const { length } = asker.state().allowance.sent
    await asker.fresh(TASK)
    expect(asker.state().allowance.sent).toHaveLength(length + 1)
    asker.close()
  })
})

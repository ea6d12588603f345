import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { SECOND } from '../../core/lib/units.ts'
import { EMPTY_RECORD } from '../../core/record/task-record.ts'
import type { ApiKey } from '../session/api-key.ts'
import { stubBrowser } from './testing-browser.ts'

/* The poller with a large paste: few requests in flight, and one plan for all changes of a turn. */

// React Query polls only if there is a window, which it checks when it is loaded.
const plans = vi.hoisted(() => {
  Object.assign(globalThis, { window: globalThis, location: { hostname: 'loupe.example' } })
  return { made: 0 }
})
vi.mock('../../core/schedule/schedule.ts', async (original) => {
  const real = await original<typeof import('../../core/schedule/schedule.ts')>()
  const plan: typeof real.plan = (situation) => {
    plans.made++
    return real.plan(situation)
  }
  return { ...real, plan }
})
const { QueryClient } = await import('@tanstack/react-query')
const { createPoller } = await import('./poller.ts')

const MANY = Array.from({ length: 200 }, (_, n) => `t${n}` as TaskId)

let requested: string[]
let inFlight: number
let mostInFlight: number
/** Duration of one request, ms. */
let takes: number

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 1, 12) })
  stubBrowser()
  requested = []
  inFlight = 0
  mostInFlight = 0
  takes = 100
  plans.made = 0
  vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
    requested.push(JSON.parse(body).data.taskId)
    inFlight++
    mostInFlight = Math.max(mostInFlight, inFlight)
    await new Promise((resolve) => setTimeout(resolve, takes))
    inFlight--
    // No further request is sent for it.
    return Response.json({ status: 'success', data: { status: 'FAILED' } })
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const open = () => {
  const poller = createPoller(new QueryClient(), 'key-1234567890' as ApiKey)
  poller.setLimit(null)
  return poller
}

it('checks all, four at once, each once, with few plans for each', async () => {
  const poller = open()
  for (const id of MANY) poller.follow([id])
  // One turn: all its changes lead to one plan.
  await null
  expect(plans.made).toBeGreaterThan(0)
  expect(plans.made).toBeLessThan(5)
  await vi.advanceTimersByTimeAsync(20 * SECOND)
  expect(requested).toHaveLength(MANY.length)
  expect(new Set(requested).size).toBe(MANY.length)
  expect(mostInFlight).toBe(4)
  expect(plans.made).toBeLessThan(5 * MANY.length)
  poller.close()
})

it('plans once for all restored records, and ignores empty ones', async () => {
  const poller = open()
  // Nothing is in flight, so that each of them would be planned.
  poller.setPaused(true)
  poller.follow(MANY)
  await vi.advanceTimersByTimeAsync(SECOND)
  plans.made = 0
  // As read from storage: equal to EMPTY_RECORD, but not the same object.
  poller.restore(MANY.map((id) => [id, { ...EMPTY_RECORD }]))
  for (const id of MANY) expect(poller.recordOf(id)).toBe(EMPTY_RECORD)
  poller.restore(
    MANY.map((id) => [id, { ...EMPTY_RECORD, startedAt: Date.now(), quotedCredits: 3 }]),
  )
  await null
  expect(poller.recordOf(MANY[9] as TaskId).quotedCredits).toBe(3)
  expect(plans.made).toBeLessThan(5)
  poller.close()
})

it('checks next the task that the user opens', async () => {
  const poller = open()
  poller.follow(MANY)
  await vi.advanceTimersByTimeAsync(SECOND)
  const before = requested.length
  const last = MANY.find((id) => !requested.includes(id) && id !== MANY[before]) as TaskId
  poller.open(last)
  await vi.advanceTimersByTimeAsync(2 * takes)
  expect(requested.indexOf(last)).toBeLessThan(before + 5)
  poller.close()
})

it('sends a manual check at once, however slow the responses are, and many in turn', async () => {
  const poller = open()
  takes = 15 * SECOND
  poller.follow(MANY)
  await vi.advanceTimersByTimeAsync(SECOND)
  expect(inFlight).toBe(4)
  const opened = MANY[180] as TaskId
  poller.checkNow(opened)
  await vi.advanceTimersByTimeAsync(1)
  expect(requested.at(-1)).toBe(opened)
  for (const id of MANY.slice(120, 170)) poller.checkNow(id)
  await vi.advanceTimersByTimeAsync(60 * SECOND)
  expect(mostInFlight).toBe(8)
  poller.close()
  const { length } = requested
  await vi.advanceTimersByTimeAsync(60 * SECOND)
  expect(requested).toHaveLength(length)
})

it('sends nothing once paused', async () => {
  const poller = open()
  poller.follow(MANY)
  await vi.advanceTimersByTimeAsync(SECOND)
  poller.setPaused(true)
  await null
  const { length } = requested
  await vi.advanceTimersByTimeAsync(10 * SECOND)
  expect(requested).toHaveLength(length)
  poller.setPaused(false)
  await vi.advanceTimersByTimeAsync(20 * SECOND)
  expect(requested).toHaveLength(MANY.length)
  poller.close()
})

it('keeps the record of a task that is no longer followed', async () => {
  const poller = open()
  const stop = poller.follow(MANY.slice(0, 3))
  await vi.advanceTimersByTimeAsync(SECOND)
  stop()
  await vi.advanceTimersByTimeAsync(3_600_000)
  expect(poller.recordOf(MANY[0] as TaskId).task?.kind).toBe('failed')
  poller.close()
})

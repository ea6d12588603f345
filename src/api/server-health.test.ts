import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SECOND } from '../../core/lib/units.ts'
import { retryServer, watchServer } from './server-health.ts'
import { noResponseCame, serverBack, serverDown } from './server-signals.ts'

/** Time a response takes, in ms; null: the connection fails. */
let latency: number | null
let status: number
let stops: (() => void)[]
const back = vi.fn()

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('removeEventListener', () => {})
  vi.stubGlobal('fetch', async (_: string, { signal }: { signal: AbortSignal }) => {
    const ms = latency
    if (ms === null) throw new TypeError('Failed to fetch')
    await new Promise((resolve, reject) => {
      setTimeout(resolve, ms)
      signal.addEventListener('abort', () => reject(signal.reason))
    })
    return { status }
  })
  status = 200
  back.mockReset()
  stops = [watchServer(), serverBack.listen(back)]
})
afterEach(() => {
  for (const stop of stops) stop()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('a server that is back is noticed, even on a slow connection', async () => {
  latency = null
  noResponseCame.send()
  await vi.advanceTimersByTimeAsync(SECOND)
  expect(serverDown.get()).not.toBeNull()
  latency = 5 * SECOND
  await vi.advanceTimersByTimeAsync(30 * SECOND)
  expect(serverDown.get()).toBeNull()
  expect(back).toHaveBeenCalledOnce()
})

test('by hand, a probe that hangs is repeated at once', async () => {
  latency = 60 * SECOND
  noResponseCame.send()
  await vi.advanceTimersByTimeAsync(20 * SECOND)
  latency = 0
  retryServer()
  await vi.advanceTimersByTimeAsync(100)
  expect(serverDown.get()).toBeNull()
})

test.each([
  // A static host has no such path.
  [404, false],
  // A proxy whose server is down.
  [502, true],
])('with status %i the server is down: %s', async (code, isDown) => {
  latency = 0
  status = code
  noResponseCame.send()
  await vi.advanceTimersByTimeAsync(10 * SECOND)
  expect(serverDown.get() !== null).toBe(isDown)
  status = 200
  await vi.advanceTimersByTimeAsync(10 * SECOND)
  expect(serverDown.get()).toBeNull()
})

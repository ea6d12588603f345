import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { coalesced } from './coalesced.ts'

const START = Date.UTC(2026, 0, 1, 12)

beforeEach(() => {
  vi.useFakeTimers({ now: START })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Work that takes `ms` milliseconds. */
const slowWork = (ms: number) => vi.fn(() => void vi.setSystemTime(Date.now() + ms))

it('runs once for many calls, after the running code has finished', async () => {
  const work = slowWork(0)
  const call = coalesced(work)
  for (let n = 0; n < 100; n++) call()
  expect(work).not.toHaveBeenCalled()
  await null
  expect(work).toHaveBeenCalledOnce()
  call()
  await null
  expect(work).toHaveBeenCalledTimes(2)
})

it('leaves most of the time to other code when the work is slow', async () => {
  const work = slowWork(20)
  const call = coalesced(work)
  for (let n = 0; n < 100; n++) {
    call()
    await vi.advanceTimersByTimeAsync(10)
  }
  // A thousand ms in steps of ten, plus its own time.
  expect(work.mock.calls.length).toBeGreaterThan(5)
  expect(work.mock.calls.length).toBeLessThan(25)
})

it('is not delayed by a clock that was set back, or a device that slept', async () => {
  const work = vi.fn(() => {})
  const call = coalesced(work)
  work.mockImplementationOnce(() => void vi.setSystemTime(Date.now() + 3_600_000))
  call()
  await null
  vi.setSystemTime(START)
  call()
  await vi.advanceTimersByTimeAsync(200)
  expect(work).toHaveBeenCalledTimes(2)
})

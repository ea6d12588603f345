import { afterEach, expect, it, vi } from 'vitest'
import { holdClock, isClockHeld, now, wakeWhen } from './clock.ts'

afterEach(() => {
  holdClock(null)
  vi.useRealTimers()
})

it('stands still while held, and can be moved both ways', () => {
  vi.useFakeTimers({ now: 5000 })
  expect(now()).toBe(5000)
  holdClock(1000)
  vi.advanceTimersByTime(60_000)
  expect(now()).toBe(1000)
  holdClock(400)
  expect(now()).toBe(400)
  expect(isClockHeld()).toBe(true)
  holdClock(null)
  expect(now()).toBe(65_000)
  expect(isClockHeld()).toBe(false)
})

it('wakes nobody while held, and everyone who is due when moved or released', () => {
  vi.useFakeTimers({ now: 0 })
  const calls: string[] = []
  holdClock(0)
  wakeWhen(1000, () => calls.push('first'))
  wakeWhen(2000, () => calls.push('second'))
  vi.advanceTimersByTime(10_000)
  expect(calls).toEqual([])
  holdClock(1500)
  expect(calls).toEqual(['first'])
  holdClock(null)
  expect(calls).toEqual(['first', 'second'])
})

it('is not late when the clock is set back', () => {
  vi.useFakeTimers({ now: 10_000_000 })
  const [early, late] = [vi.fn(), vi.fn()]
  wakeWhen(10_060_000, late)
  vi.setSystemTime(6_000_000)
  // A new one, by the new time.
  wakeWhen(6_030_000, early)
  vi.advanceTimersByTime(29_999)
  expect(early).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(early).toHaveBeenCalledOnce()
  vi.advanceTimersByTime(29_999)
  expect(late).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(late).toHaveBeenCalledOnce()
})

it('is not late when another wait is cancelled after that', () => {
  vi.useFakeTimers({ now: 10_000_000 })
  const late = vi.fn()
  const cancel = wakeWhen(10_010_000, () => {})
  wakeWhen(10_060_000, late)
  vi.setSystemTime(6_000_000)
  cancel()
  vi.advanceTimersByTime(60_000)
  expect(late).toHaveBeenCalledOnce()
})

it('wakes once at the exact time while running', () => {
  vi.useFakeTimers({ now: 0 })
  const wake = vi.fn()
  const cancelled = vi.fn()
  wakeWhen(1000, wake)
  wakeWhen(1000, cancelled)()
  vi.advanceTimersByTime(999)
  expect(wake).not.toHaveBeenCalled()
  vi.advanceTimersByTime(10_000)
  expect(wake).toHaveBeenCalledTimes(1)
  expect(cancelled).not.toHaveBeenCalled()
})

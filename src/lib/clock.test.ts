import { afterEach, expect, it, vi } from 'vitest'
import { holdClock, isClockHeld, now, wakeWhen } from './clock.ts'

afterEach(() => {
  holdClock(null)
  vi.useRealTimers()
})

it('stands still where it is held, and is moved both ways', () => {
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

it('wakes nobody while it is held, and whoever is due when it is moved or let go', () => {
  vi.useFakeTimers({ now: 0 })
  const woken: string[] = []
  holdClock(0)
  wakeWhen(1000, () => woken.push('first'))
  wakeWhen(2000, () => woken.push('second'))
  vi.advanceTimersByTime(10_000)
  expect(woken).toEqual([])
  holdClock(1500)
  expect(woken).toEqual(['first'])
  holdClock(null)
  expect(woken).toEqual(['first', 'second'])
})

it('wakes once at the time itself while it runs', () => {
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

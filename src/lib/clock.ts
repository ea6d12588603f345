import { useCallback, useRef, useSyncExternalStore } from 'react'

/*
 * The only place that reads the time, and one timer for all that shows it. A reading says when it
 * will next read differently ("in 3 h" does not change for an hour), and is woken then, not before.
 */

/** Where the clock is held, epoch milliseconds; null while it runs. */
let held: number | null = null

/** Epoch milliseconds of this device, or where the clock is held. */
export const now = (): number => held ?? Date.now()

/** Whether the clock stands still. Then times are written in UTC, so that a picture is the same everywhere. */
export const isClockHeld = (): boolean => held !== null

/** What is shown at an instant, and the first instant (epoch ms) at which it will differ; null for never. */
export interface Reading<T> {
  readonly value: T
  readonly changesAt: number | null
}

const MAX_TIMEOUT = 2_147_483_647 // the longest setTimeout (HTML standard: a signed 32-bit integer)

const wakeAt = new Map<() => void, number>()
let timer: ReturnType<typeof setTimeout> | undefined
let timerAt = Number.POSITIVE_INFINITY

function arm(): void {
  const next = Math.min(Number.POSITIVE_INFINITY, ...(held === null ? wakeAt.values() : []))
  if (next === timerAt) return
  clearTimeout(timer)
  timerAt = next
  if (next === Number.POSITIVE_INFINITY) return
  timer = setTimeout(ring, Math.min(MAX_TIMEOUT, Math.max(0, next - now())))
}

function ring(): void {
  timerAt = Number.POSITIVE_INFINITY
  const time = now()
  for (const [wake, at] of [...wakeAt]) {
    if (at <= time) {
      wakeAt.delete(wake)
      wake()
    }
  }
  arm()
}

// Timers sleep with the device and slow down in the background: whoever looks again sees what is true.
if (typeof document !== 'undefined') document.addEventListener('visibilitychange', ring)

/** Calls `wake` once when the clock reaches `at` (epoch ms). Returns the way to call it off. */
export function wakeWhen(at: number, wake: () => void): () => void {
  wakeAt.set(wake, at)
  arm()
  return () => {
    wakeAt.delete(wake)
    arm()
  }
}

/** All that shows the time, and has to look again when the clock is moved. */
const readers = new Set<() => void>()

/** Stops the clock of the whole page at `at` (epoch ms), or moves it there; null lets it run again. */
export function holdClock(at: number | null): void {
  held = at
  for (const look of [...readers]) look()
  ring()
}

/** A value that depends on the time, re-rendered only when it changes. `read` must be pure. */
export function useReading<T>(read: (now: number) => Reading<T>): T {
  const last = useRef<{ read: typeof read; reading: Reading<T>; at: number } | null>(null)

  const snapshot = useCallback((): T => {
    const known = last.current
    const at = now()
    const fresh =
      known !== null &&
      known.read === read &&
      known.at <= at &&
      (known.reading.changesAt === null || known.reading.changesAt > at)
    if (fresh) return known.reading.value
    const reading = read(at)
    last.current = { read, reading, at }
    return reading.value
  }, [read])

  const subscribe = useCallback(
    (changed: () => void) => {
      let cancel = () => {}
      const look = () => {
        changed()
        schedule()
      }
      const schedule = () => {
        cancel()
        snapshot()
        const at = last.current?.reading.changesAt ?? null
        cancel = at === null ? () => {} : wakeWhen(at, look)
      }
      readers.add(look)
      schedule()
      return () => {
        readers.delete(look)
        cancel()
      }
    },
    [snapshot],
  )

  // Also without a browser, where tests draw pages.
  return useSyncExternalStore(subscribe, snapshot, snapshot)
}

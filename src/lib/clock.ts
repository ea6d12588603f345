import { useCallback, useRef, useSyncExternalStore } from 'react'

/*
 * The only place that reads the time, and one timer for all that shows it. A reading says when it
 * will next read differently ("in 3 h" does not change for an hour), and is woken then, not before.
 */

/** Epoch milliseconds of this device. */
export const now = (): number => Date.now()

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
  const next = Math.min(Number.POSITIVE_INFINITY, ...wakeAt.values())
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

/** A value that depends on the time, re-rendered only when it changes. `read` must be pure. */
export function useReading<T>(read: (now: number) => Reading<T>): T {
  const last = useRef<{ read: typeof read; reading: Reading<T> } | null>(null)

  const snapshot = useCallback((): T => {
    const known = last.current
    const fresh =
      known !== null &&
      known.read === read &&
      (known.reading.changesAt === null || known.reading.changesAt > now())
    if (fresh) return known.reading.value
    const reading = read(now())
    const value =
      Object.is(known?.reading.value, reading.value) && known ? known.reading.value : reading.value
    last.current = { read, reading: { ...reading, value } }
    return value
  }, [read])

  const subscribe = useCallback(
    (changed: () => void) => {
      let cancel = () => {}
      const schedule = () => {
        snapshot()
        const at = last.current?.reading.changesAt ?? null
        if (at === null) return
        cancel = wakeWhen(at, () => {
          changed()
          schedule()
        })
      }
      schedule()
      return () => cancel()
    },
    [snapshot],
  )

  return useSyncExternalStore(subscribe, snapshot)
}

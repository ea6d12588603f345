import { useCallback, useRef, useSyncExternalStore } from 'react'

/*
 * The only place that reads the time, with one timer for everything that displays it. A reading
 * includes the time at which it changes ("in 3 h" stays the same for an hour), and is updated
 * then, not before.
 */

/** Time at which the clock is held, epoch milliseconds; null while it runs. */
let heldAt: number | null = null

/** Current time in epoch milliseconds, or the time at which the clock is held. */
export const now = (): number => heldAt ?? Date.now()

/** Whether the clock is held. Times are then in UTC, so that screenshots are reproducible. */
export const isClockHeld = (): boolean => heldAt !== null

/** Value at an instant, and the first instant (epoch ms) at which it differs; null for never. */
export interface Reading<T> {
  readonly value: T
  readonly changesAt: number | null
}

const MAX_TIMEOUT = 2_147_483_647 // the longest setTimeout (HTML standard: a signed 32-bit integer)

/** Smaller steps of the clock are left alone, milliseconds. */
const JUMP = 1000

const wakeAt = new Map<() => void, number>()
let timer: ReturnType<typeof setTimeout> | undefined
let timerAt = Number.POSITIVE_INFINITY
/** The same moment by the clock, and by one that nobody sets. */
let last = { wall: Date.now(), steady: performance.now() }

/** After the clock was set back, what was due in a minute is due in a minute, not in an hour. */
function rebase(): void {
  const before = last
  last = { wall: Date.now(), steady: performance.now() }
  const back = before.wall + last.steady - before.steady - last.wall
  if (heldAt !== null || back < JUMP) return
  for (const [wake, at] of [...wakeAt]) wakeAt.set(wake, at - back)
}

function arm(): void {
  const next = Math.min(Number.POSITIVE_INFINITY, ...(heldAt === null ? wakeAt.values() : []))
  if (next === timerAt) return
  clearTimeout(timer)
  timerAt = next
  if (next === Number.POSITIVE_INFINITY) return
  timer = setTimeout(ring, Math.min(MAX_TIMEOUT, Math.max(0, next - now())))
}

function ring(): void {
  timerAt = Number.POSITIVE_INFINITY
  rebase()
  const time = now()
  for (const [wake, at] of [...wakeAt]) {
    if (at <= time) {
      wakeAt.delete(wake)
      wake()
    }
  }
  arm()
}

// Timers sleep with the device and are throttled in the background, so a visible page catches up.
if (typeof document !== 'undefined') document.addEventListener('visibilitychange', ring)

/** Calls `wake` once when the clock reaches `at` (epoch ms). Returns a function to cancel. */
export function wakeWhen(at: number, wake: () => void): () => void {
  rebase()
  wakeAt.set(wake, at)
  arm()
  return () => {
    rebase()
    wakeAt.delete(wake)
    arm()
  }
}

/** Everything that displays the time, to be updated when the clock is moved. */
const readers = new Set<() => void>()

/** Holds the whole page's clock at `at` (epoch ms), or moves it there; null lets it run. */
export function holdClock(at: number | null): void {
  heldAt = at
  for (const update of [...readers]) update()
  ring()
}

/**
 * A value that depends on the time, re-rendered only when it changes. `read` is pure and depends
 * only on its arguments: it is called again when one of them changes.
 */
export function useReading<Args extends readonly unknown[], T>(
  read: (...args: [...Args, now: number]) => Reading<T>,
  ...args: Args
): T {
  const last = useRef<{ args: Args; reading: Reading<T>; at: number } | null>(null)

  const snapshot = useCallback((): T => {
    const known = last.current
    const at = now()
    const fresh =
      known !== null &&
      known.args === args &&
      known.at <= at &&
      (known.reading.changesAt === null || known.reading.changesAt > at)
    if (fresh) return known.reading.value
    const reading = read(...args, at)
    last.current = { args, reading, at }
    return reading.value
    // biome-ignore lint/correctness/useExhaustiveDependencies: what `read` returns depends on these alone
  }, args)

  const subscribe = useCallback(
    (changed: () => void) => {
      let cancel = () => {}
      const update = () => {
        changed()
        schedule()
      }
      const schedule = () => {
        cancel()
        snapshot()
        const at = last.current?.reading.changesAt ?? null
        cancel = at === null ? () => {} : wakeWhen(at, update)
      }
      readers.add(update)
      schedule()
      return () => {
        readers.delete(update)
        cancel()
      }
    },
    [snapshot],
  )

  // Also works without a browser, for tests that render pages.
  return useSyncExternalStore(subscribe, snapshot, snapshot)
}

import { DAY, formatSpan, HOUR, MINUTE, SECOND } from '../../core/lib/units.ts'
import { isClockHeld, type Reading } from './clock.ts'

const numbers = new Intl.NumberFormat('en')

export const formatNumber = (value: number): string => numbers.format(value)

export const plural = (n: number, one: string) => `${formatNumber(n)} ${one}${n === 1 ? '' : 's'}`
export const formatCredits = (amount: number): string => plural(amount, 'credit')
export const formatDimensions = (size: { readonly width: number; readonly height: number }) =>
  `${formatNumber(size.width)} × ${formatNumber(size.height)}`
export const formatFiles = (amount: number): string => plural(amount, 'file')

/** Never 100 before it is complete. */
export const formatPercent = (value: number): string => `${formatNumber(Math.floor(value))}%`

const clock = { hour: '2-digit', minute: '2-digit' } as const
const day = { day: 'numeric', month: 'short', year: 'numeric' } as const
const zone = { timeZone: 'UTC' } as const
const local = new Intl.DateTimeFormat('en-GB', { ...day, ...clock })
const utc = new Intl.DateTimeFormat('en-GB', { ...day, ...clock, ...zone })
const localClock = new Intl.DateTimeFormat('en-GB', clock)
const utcClock = new Intl.DateTimeFormat('en-GB', { ...clock, ...zone })

/** Date and time of `at` (epoch ms) in the time zone of this device. */
export const formatDateTime = (at: number): string => (isClockHeld() ? utc : local).format(at)
export const formatUtc = (at: number): string => `${utc.format(at)} UTC`
/** The time of day of `at` (epoch ms), in the time zone of this device. */
export const formatClockTime = (at: number): string =>
  (isClockHeld() ? utcClock : localClock).format(at)

/** Keeps both ends of a long ID or name, since both help to distinguish it. */
export function truncateMiddle(text: string, length: number): string {
  const letters = Array.from(text)
  if (letters.length <= length) return text
  const head = Math.ceil((length - 1) / 2)
  const tail = Math.floor((length - 1) / 2)
  return `${letters.slice(0, head).join('')}…${letters.slice(letters.length - tail).join('')}`
}

const pad = (n: number) => String(n).padStart(2, '0')

/** Milliseconds as m:ss, or h:mm:ss from an hour on. */
export function formatStopwatch(ms: number): string {
  const total = Math.max(0, Math.floor(ms / SECOND))
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`
}

/** Forecast in seconds, no more precise than justified: "About 2 to 4 min". */
export function formatRange(from: number, to: number): string {
  const step = to < 20 ? 1 : to < 90 ? 5 : 60
  const unit = to < 90 ? 's' : 'min'
  const per = unit === 's' ? 1 : 60
  const low = Math.floor(from / step) * step
  const high = Math.max(step, Math.ceil(to / step) * step)
  if (low === 0) return `Less than ${formatSpan(high * SECOND)}`
  return low === high
    ? `About ${high / per} ${unit}`
    : `About ${low / per} to ${high / per} ${unit}`
}

/** Time since `at`, updated every second. */
export function stopwatchSince(at: number, now: number): Reading<string> {
  const passed = Math.max(0, now - at)
  return {
    value: formatStopwatch(passed),
    changesAt: at + (Math.floor(passed / SECOND) + 1) * SECOND,
  }
}

/** "12 s ago", "4 min ago": coarser with age, and updated only as often. */
export function ago(at: number, now: number): Reading<string> {
  const passed = Math.max(0, now - at)
  if (passed < 2 * SECOND) return { value: 'just now', changesAt: at + 2 * SECOND }
  const [unit, word] =
    passed < MINUTE
      ? ([SECOND, 's'] as const)
      : passed < HOUR
        ? ([MINUTE, 'min'] as const)
        : passed < DAY
          ? ([HOUR, 'h'] as const)
          : ([DAY, 'd'] as const)
  const n = Math.floor(passed / unit)
  return { value: `${n} ${word} ago`, changesAt: at + (n + 1) * unit }
}

/** "in 12 s", "in 4 min"; "now" from that instant on, '' for an unknown one. */
export function until(at: number | null, now: number): Reading<string> {
  if (at === null) return { value: '', changesAt: null }
  const left = at - now
  if (left <= 0) return { value: 'now', changesAt: null }
  const { text, changesAt } = remaining(at, left)
  return { value: `in ${text}`, changesAt }
}

/** Below ten minutes it counts seconds, rounded up, so that 0:01 is the last one. */
export function remaining(at: number, left: number): { text: string; changesAt: number } {
  if (left <= 10 * MINUTE) {
    const n = Math.ceil(left / SECOND)
    const text = n < 60 ? `${n} s` : `${Math.floor(n / 60)}:${pad(n % 60)}`
    return { text, changesAt: at - (n - 1) * SECOND }
  }
  const unit = left >= DAY ? HOUR : MINUTE
  const n = Math.floor(left / unit)
  const changesAt = at - n * unit + 1
  if (unit === MINUTE) {
    return { text: n < 60 ? `${n} min` : `${Math.floor(n / 60)} h ${n % 60} min`, changesAt }
  }
  const days = plural(Math.floor(n / 24), 'day')
  return { text: n >= 72 || n % 24 === 0 ? days : `${days} ${n % 24} h`, changesAt }
}

import { isClockHeld } from './clock.ts'

const weekday = { weekday: 'short', day: 'numeric', month: 'short' } as const
const local = new Intl.DateTimeFormat('en-GB', weekday)
const utc = new Intl.DateTimeFormat('en-GB', { ...weekday, timeZone: 'UTC' })

/** Local day of `at` (epoch ms), in parts to be combined for display. */
export function dayParts(at: number): { weekday: string; day: string; month: string } {
  const parts = (isClockHeld() ? utc : local).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value
  return {
    weekday: part('weekday') ?? '',
    day: part('day') ?? '',
    month: part('month') ?? '',
  }
}

/** "Mon 22 Dec", in the time zone of this device. */
export function formatDay(at: number): string {
  const { weekday, day, month } = dayParts(at)
  return `${weekday} ${day} ${month}`
}

/** Start of the day `ahead` days after that of `at` (epoch ms). Days need not have 24 hours. */
export function startOfDay(at: number, ahead = 0): number {
  const date = new Date(at)
  if (isClockHeld()) return date.setUTCHours(24 * ahead, 0, 0, 0)
  // Noon is always on its day, whatever daylight saving does at night.
  date.setHours(12, 0, 0, 0)
  date.setDate(date.getDate() + ahead)
  return date.setHours(0, 0, 0, 0)
}

import { HOUR } from '../../core/lib/units.ts'

/** A sliding window of an hour per key. Rejected requests do not count, so that waiting helps. */
export function createRateLimit(perHour: number, now: () => number) {
  const taken = new Map<string, number[]>()

  /** Milliseconds until the next request is allowed; 0: this one is allowed and counted. */
  return (key: string): number => {
    const time = now()
    const recent = (taken.get(key) ?? []).filter((at) => time - at < HOUR)
    taken.set(key, recent)
    if (recent.length < perHour) {
      recent.push(time)
      return 0
    }
    return (recent[0] ?? time) + HOUR - time
  }
}

/** The API's 429, with a wait readable for people and programs. */
export function tooManyRequests(waitMs: number): Response {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  const [amount, unit] = seconds < 120 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  return Response.json(
    {
      error: 'RATE_LIMIT_EXCEEDED',
      message: `Too many requests. Try again in ${amount} ${unit}${amount === 1 ? '' : 's'}`,
    },
    { status: 429, headers: { 'retry-after': String(seconds) } },
  )
}

/** Durations in milliseconds. */
export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** A duration in one unit: "45 s", "6 min", "2 h". */
export function formatSpan(ms: number): string {
  if (ms < 99.5 * SECOND) return `${Math.max(1, Math.round(ms / SECOND))} s`
  if (ms < 99.5 * MINUTE) return `${Math.round(ms / MINUTE)} min`
  return `${Math.round(ms / HOUR)} h`
}

import { HOUR } from '../../core/lib/units.ts'

export type LimiterKind = 'sliding' | 'fixed' | 'aligned' | 'lockout' | 'strict'

export interface LimiterOptions {
  readonly kind: LimiterKind
  /** Requests per hour; null: unlimited. */
  readonly limit: number | null
  readonly retryAfter: boolean
  /** Start of an aligned window, ms. */
  readonly phase: number
}

/** Server side of the limit: null accepts a request; otherwise `until` is the time to retry. */
export type Limiter = (at: number) => { readonly until: number | null } | null

export function limiter({ kind, limit, retryAfter, phase }: LimiterOptions): Limiter {
  if (limit === null) return () => null
  const counted: number[] = []
  let windowEnds = Number.NEGATIVE_INFINITY
  let lockedUntil = Number.NEGATIVE_INFINITY
  const slides = kind === 'sliding' || kind === 'lockout' || kind === 'strict'

  return (at) => {
    if (slides) while ((counted[0] ?? at) <= at - HOUR) counted.shift()
    else if (at >= windowEnds) {
      counted.length = 0
      windowEnds = kind === 'fixed' ? at + HOUR : at + HOUR - ((at + phase) % HOUR)
    }
    const locked = at < lockedUntil
    const full = counted.length >= limit
    if (!locked && !full) {
      counted.push(at)
      return null
    }
    if (kind === 'lockout' && !locked) lockedUntil = at + HOUR
    if (kind === 'strict') {
      counted.push(at)
      counted.shift()
    }
    const freed = slides ? (counted[0] ?? at) + HOUR : windowEnds
    return { until: retryAfter ? Math.max(freed, lockedUntil) : null }
  }
}

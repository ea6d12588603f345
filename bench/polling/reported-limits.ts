/** A server with correct rate-limit headers, in one of the spellings in use. */
export interface ReportedLimits {
  readonly kind: 'fixed' | 'aligned' | 'sliding' | 'bucket'
  /** A request has to pass all of them. */
  readonly limits: readonly { readonly limit: number; readonly windowMs: number }[]
  /** Start of an aligned window, ms. */
  readonly phase: number
  readonly retryAfter: boolean
  /**
   * Meaning of a reset: when the full quota is back, or when the next request is allowed. For a
   * window both are its end.
   */
  readonly reset: 'full' | 'next'
  readonly spelling: Spelling
}

export type Spelling = keyof typeof SPELLINGS

export interface Verdict {
  /** Null if the request was accepted; `until`: when to retry, if the server says so. */
  readonly refused: { readonly until: number | null } | null
  readonly headers: Readonly<Record<string, string>>
}

interface State {
  readonly limit: number
  readonly seconds: number
  readonly remaining: number
  /** Seconds from now, rounded up. */
  readonly reset: number
}

export const reportedLimits = (options: ReportedLimits): ((at: number) => Verdict) => {
  const counters = options.limits.map((one) => counter(options, one.limit, one.windowMs))
  return (at) => {
    const waits = counters.map(({ opensAt }) => opensAt(at))
    const until = Math.max(...waits)
    const refused = until > at ? { until: options.retryAfter ? until : null } : null
    if (refused === null) for (const { count } of counters) count(at)
    const states = counters.map(({ state }) => state(at))
    return { refused, headers: SPELLINGS[options.spelling](states, at) }
  }
}

function counter({ kind, phase, reset }: ReportedLimits, limit: number, windowMs: number) {
  /** Times when each used slot is free again, ascending; free slots are not in it. */
  let taken: number[] = []
  let windowEnds = Number.NEGATIVE_INFINITY
  const prune = (at: number) => {
    taken = taken.filter((free) => free > at)
  }
  return {
    opensAt(at: number) {
      prune(at)
      return taken.length < limit ? at : (taken[0] ?? at)
    },
    count(at: number) {
      prune(at)
      if (at >= windowEnds) {
        const since = kind === 'aligned' ? (at + phase) % windowMs : 0
        windowEnds = at - since + windowMs
      }
      // A bucket frees one slot after the other.
      const drop = (taken[taken.length - 1] ?? at) + windowMs / limit
      taken.push(kind === 'bucket' ? drop : kind === 'sliding' ? at + windowMs : windowEnds)
    },
    state(at: number): State {
      const back = (reset === 'full' ? taken[taken.length - 1] : taken[0]) ?? at
      return {
        limit,
        seconds: Math.round(windowMs / 1000),
        remaining: limit - taken.length,
        reset: Math.ceil((back - at) / 1000),
      }
    },
  }
}

const tightest = (states: readonly State[]): State =>
  states.reduce((least, one) => (one.remaining < least.remaining ? one : least))

const plain =
  (prefix: string, resetOf: (state: State, at: number) => string | null, hasLimit = true) =>
  (states: readonly State[], at: number): Record<string, string> => {
    const state = tightest(states)
    const reset = resetOf(state, at)
    return {
      ...(hasLimit ? { [`${prefix}-limit`]: String(state.limit) } : {}),
      [`${prefix}-remaining`]: String(state.remaining),
      ...(reset === null ? {} : { [`${prefix}-reset`]: reset }),
    }
  }

const delay = ({ reset }: State) => String(reset)
const list = (states: readonly State[], form: (state: State) => string) =>
  states.map(form).join(', ')

const UNITS: Readonly<Record<number, string>> = {
  1: 'second',
  60: 'minute',
  3600: 'hour',
  86400: 'day',
}

export const SPELLINGS = {
  none: () => ({}),
  policies: (states: readonly State[]) => ({
    'ratelimit-policy': list(
      states,
      ({ limit, seconds }) => `"${seconds}s";q=${limit};w=${seconds}`,
    ),
    ratelimit: list(
      states,
      ({ seconds, remaining, reset }) => `"${seconds}s";r=${remaining};t=${reset}`,
    ),
  }),
  'policies, the tightest state': (states: readonly State[]) => ({
    'ratelimit-policy': list(
      states,
      ({ limit, seconds }) => `"${seconds}s";q=${limit};w=${seconds}`,
    ),
    ratelimit: list(
      [tightest(states)],
      (one) => `"${one.seconds}s";r=${one.remaining};t=${one.reset}`,
    ),
  }),
  'policies alone': (states: readonly State[]) => ({
    'ratelimit-policy': list(states, ({ limit, seconds }) => `${limit};w=${seconds}`),
  }),
  dictionary: (states: readonly State[]) => {
    const { limit, remaining, reset } = tightest(states)
    return { ratelimit: `limit=${limit}, remaining=${remaining}, reset=${reset}` }
  },
  'limit with policies': (states: readonly State[]) => ({
    ...plain('ratelimit', delay)(states, 0),
    'ratelimit-limit': `${tightest(states).limit}, ${list(states, ({ limit, seconds }) => `${limit};w=${seconds}`)}`,
  }),
  'former ietf': plain('ratelimit', delay),
  'x-ratelimit': plain('x-ratelimit', delay),
  'x-rate-limit': plain('x-rate-limit', delay),
  'reset as epoch': plain('x-ratelimit', ({ reset }, at) => String(Math.ceil(at / 1000) + reset)),
  'reset as epoch in ms': plain('x-ratelimit', ({ reset }, at) => String(at + 1000 * reset)),
  'no reset': plain('x-ratelimit', () => null),
  'no limit': plain('x-ratelimit', delay, false),
  'remaining alone': plain('x-ratelimit', () => null, false),
  'by unit': (states: readonly State[]) =>
    Object.fromEntries(
      states.flatMap(({ limit, remaining, seconds }) => {
        const unit = UNITS[seconds]
        return unit === undefined
          ? []
          : [
              [`x-ratelimit-limit-${unit}`, String(limit)],
              [`x-ratelimit-remaining-${unit}`, String(remaining)],
            ]
      }),
    ),
} as const satisfies Record<
  string,
  (states: readonly State[], at: number) => Record<string, string>
>

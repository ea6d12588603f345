import { HOUR } from '../lib/units.ts'
import type { Capacity } from '../quota/limit.ts'
import type { Foresight } from './expectation.ts'
import type { History } from './hazard.ts'

/** Expected number of new tasks, based on the last hour. */
export interface Forecast {
  readonly perHour: number
  /** Hours of data behind that number. */
  readonly experience: number
}

/** Prior: tasks per hour, and its weight in hours. */
const PRIOR_PER_HOUR = 3.2
const PRIOR_HOURS = 0.25
/** A higher forecast would reserve requests for more tasks than the quota can serve. */
const MAX_PER_HOUR = 20
/** Tasks less than this apart, in ms, count as started together. */
const TOGETHER = 25_000
/** Load of a future task. */
const LOAD_TO_COME = 11
/** Standard deviations above the expected number of future tasks. */
const CAUTION = 0.7
/** How strongly a used quota raises the price: the exponent of the fraction that is left. */
const THRIFT = 0.09
/** Checks per finished task beyond the load: half for the last interval, the rest for variance. */
const PER_END = 1.15
/** Bounds of the price, in seconds: a check has a cost even without a limit. */
const CHEAPEST = 0.1
const DEAREST = 400

/**
 * Rate at which tasks are started, by Gamma-Poisson: a prior, corrected by the tasks since the first one
 * of the last hour. Tasks started together count once, since they say little about when the next come.
 */
export function forecast(tasks: readonly History[], now: number): Forecast {
  const recent = tasks
    .map(({ startedAt, seen }) => startedAt ?? seen[0]?.at ?? now)
    .filter((at) => at <= now && at > now - HOUR)
    .sort((a, b) => a - b)
  const came = recent.filter((at, index) => at - (recent[index - 1] ?? at) > TOGETHER).length
  const experience = PRIOR_HOURS + (now - (recent[0] ?? now)) / HOUR
  const perHour = (PRIOR_PER_HOUR * PRIOR_HOURS + came) / experience
  return { perHour: Math.min(MAX_PER_HOUR, perHour), experience }
}

/**
 * Price of a check, in seconds of hidden delay, the same for all tasks.
 *
 * If every task is checked when the delay it hides is worth `price` (Keller 1974: at intervals of
 * sqrt(2 price / hazard)), then the checks needed up to a horizon are load / sqrt(2 price), and one more
 * for each end: half for the last interval, the rest for variance. The price is the lowest at which, for
 * every horizon, they fit into the requests that may be sent up to then.
 */
export function costOf(
  tasks: readonly (Foresight | null)[],
  nodes: readonly number[],
  { beside, ...own }: Capacity & { readonly beside: readonly Capacity[] },
  now: number,
  coming: Forecast,
): number {
  const free = own.max === Number.POSITIVE_INFINITY ? 1 : own.by(now) / own.max
  let price = CHEAPEST
  nodes.forEach((horizon, k) => {
    const hours = horizon / 3600
    const mean = coming.perHour * hours
    const spread = Math.sqrt(mean * (1 + hours / coming.experience))
    let load = LOAD_TO_COME * (mean + CAUTION * spread)
    let ends = 0
    for (const task of tasks) {
      load += task?.load[k] ?? 0
      ends += task?.ends[k] ?? 0
    }
    const at = now + horizon * 1000
    const priceAt = (requests: number, dearest: number): number => {
      const supply = requests - PER_END * ends
      if (load === 0) return CHEAPEST
      return supply > 0 ? Math.min(dearest, (load / supply) ** 2 / 2) : dearest
    }
    price = Math.max(price, priceAt(own.by(at) * free ** THRIFT, DEAREST))
    // Under the API's additional limits, a check costs no more than the time until the next one.
    for (const { by, max, cycle } of beside)
      price = Math.max(price, priceAt(by(at), Math.min(DEAREST, cycle / max / 1000)))
  })
  return price
}

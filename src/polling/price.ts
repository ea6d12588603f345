import { HOUR } from '../lib/units.ts'
import type { History } from './belief.ts'
import type { Foresight } from './foresight.ts'
import type { Room } from './quota.ts'

/** How many tasks will come, as far as those of the last hour tell. */
export interface Forecast {
  readonly perHour: number
  /** Hours of experience behind that number. */
  readonly experience: number
}

/** Before anything is known: so many an hour, with the weight of so many hours. */
const PRIOR_PER_HOUR = 3.2
const PRIOR_HOURS = 0.25
/** A forecast beyond this would save for tasks that cannot all be served. */
const MOST_PER_HOUR = 20
/** Tasks that follow each other closer than this, in ms, were started together. */
const TOGETHER = 25_000
/** The load of a task that is still to come. */
const LOAD_TO_COME = 11
/** Standard deviations above the expected number of tasks to come. */
const CAUTION = 0.7
/** How soon a used allowance makes questions dearer: the exponent of what is left of it. */
const THRIFT = 0.09
/** Questions for each end beyond those of the load: half for the last interval, the rest for chance. */
const PER_END = 1.15
/** Bounds of the price, in seconds: a question has its cost even if there is no limit. */
const CHEAPEST = 0.1
const DEAREST = 400

/**
 * How often tasks are started, by Gamma-Poisson: a prior, corrected by what came since the first task
 * of the last hour. Tasks started together count once, for they say little of when the next come.
 */
export function forecast(tasks: readonly History[], now: number): Forecast {
  const recent = tasks
    .map(({ startedAt, seen }) => startedAt ?? seen[0]?.at ?? now)
    .filter((at) => at <= now && at > now - HOUR)
    .sort((a, b) => a - b)
  const came = recent.filter((at, index) => at - (recent[index - 1] ?? at) > TOGETHER).length
  const experience = PRIOR_HOURS + (now - (recent[0] ?? now)) / HOUR
  const perHour = (PRIOR_PER_HOUR * PRIOR_HOURS + came) / experience
  return { perHour: Math.min(MOST_PER_HOUR, perHour), experience }
}

/**
 * The price of a question, in seconds of hidden delay, one for all tasks.
 *
 * If every task is asked when the delay it hides is worth `price` (Keller 1974: at intervals of
 * sqrt(2 price / hazard)), then the questions wanted up to a horizon are load / sqrt(2 price), and
 * one more for each end: half for the last interval, the rest for chance. The price is the lowest at
 * which, for every horizon, they fit into the questions that may be sent up to then.
 */
export function priceOf(
  tasks: readonly (Foresight | null)[],
  nodes: readonly number[],
  { beside, ...own }: Room & { readonly beside: readonly Room[] },
  now: number,
  coming: Forecast,
): number {
  const free = own.most === Number.POSITIVE_INFINITY ? 1 : own.by(now) / own.most
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
    const priceAt = (questions: number, dearest: number): number => {
      const supply = questions - PER_END * ends
      if (load === 0) return CHEAPEST
      return supply > 0 ? Math.min(dearest, (load / supply) ** 2 / 2) : dearest
    }
    price = Math.max(price, priceAt(own.by(at) * free ** THRIFT, DEAREST))
    // Where an API tells of other limits, a question is worth no more than the time until the next one.
    for (const { by, most, cycle } of beside)
      price = Math.max(price, priceAt(by(at), Math.min(DEAREST, cycle / most / 1000)))
  })
  return price
}

/**
 * Optimum for one task whose distribution is known and that reports nothing before its end: the
 * schedule with the least E[delay] + price x E[requests], by dynamic programming over a grid of
 * times (Barlow and Proschan, Mathematical Theory of Reliability).
 */
export interface Point {
  readonly delay: number
  readonly checks: number
}

const POINTS = 1200

/** `ends`: a sample of end times, in seconds. */
export function bestSchedule(ends: readonly number[], price: number): Point {
  const sorted = [...ends].sort((a, b) => a - b)
  const last = sorted[sorted.length - 1] ?? 1
  const grid = gridUpTo(last)
  const done: number[] = []
  const area: number[] = []
  let index = 0
  let sum = 0
  for (const at of grid) {
    for (; (sorted[index] ?? Number.POSITIVE_INFINITY) <= at; index++) sum += sorted[index] ?? 0
    done.push(index / sorted.length)
    area.push((index * at - sum) / sorted.length)
  }
  const value = (list: readonly number[], k: number) => list[k] ?? 0
  /** The delay saved by a request at grid[k] after grid[j]: the integral of F(u) - F(grid[j]). */
  const hidden = (j: number, k: number) =>
    value(area, k) - value(area, j) - value(done, j) * (value(grid, k) - value(grid, j))
  const cost = Array<number>(grid.length).fill(0)
  const choice = Array<number>(grid.length).fill(grid.length - 1)
  for (let j = grid.length - 2; j >= 0; j--) {
    let least = Number.POSITIVE_INFINITY
    for (let k = j + 1; k < grid.length; k++) {
      const total = hidden(j, k) + price * (1 - value(done, j)) + value(cost, k)
      if (total < least) {
        least = total
        choice[j] = k
      }
    }
    cost[j] = least
  }
  let delay = 0
  let requests = 0
  for (let j = 0; j < grid.length - 1; ) {
    const k = value(choice, j)
    delay += hidden(j, k)
    requests += 1 - value(done, j)
    j = k
  }
  return { delay, checks: requests }
}

/** The least mean delay with as many requests on average: the price is found by bisection. */
export function bestDelay(ends: readonly number[], checks: number): number {
  let low = 1e-4
  let high = 1e4
  for (let round = 0; round < 24; round++) {
    const price = Math.sqrt(low * high)
    if (bestSchedule(ends, price).checks > checks) low = price
    else high = price
  }
  const [few, many] = [bestSchedule(ends, high), bestSchedule(ends, low)]
  const part = (checks - few.checks) / Math.max(1e-9, many.checks - few.checks)
  return few.delay + Math.min(1, Math.max(0, part)) * (many.delay - few.delay)
}

function gridUpTo(last: number): number[] {
  const grid = [0]
  const ratio = (last + 1) ** (1 / (POINTS - 1))
  for (let k = 1; k < POINTS; k++) grid.push(Math.min(last, ratio ** k - 1))
  return [...grid, last]
}

import { average, PLAIN } from './measure.ts'
import { bestSchedule } from './optimum.ts'
import { fixedInterval } from './peers.ts'
import { seeded } from './random.ts'
import { simulate } from './simulate.ts'
import { job } from './world.ts'

export interface Check {
  readonly title: string
  readonly expected: number
  readonly found: number
  /** Relative. */
  readonly tolerance: number
}

/** Checks the simulator and the optimum against results known by other means. */
export function validate(): Check[] {
  return [...fixedIntervals(), ...optima()]
}

/**
 * With a request every d seconds, an end is found d/2 and half a round trip late, after T/d + 1/2
 * requests.
 */
function fixedIntervals(): Check[] {
  return [5, 20].flatMap((interval) => {
    const outcomes = Array.from({ length: 1500 }, (_, seed) => {
      const jobs = [job(seeded(seed), '0', 0, { pace: 4 })]
      const server = { kind: 'sliding', limit: null, retryAfter: true, phase: 0 } as const
      const world = { ...PLAIN, server, assumed: null, roundTrip: 0, seed }
      return simulate(fixedInterval(interval), jobs, world).outcomes[0]
    }).filter((one) => one !== undefined)
    const lasted = average(outcomes.map((one) => one.job.end / 1000))
    return [
      {
        title: `every ${interval} s: mean delay`,
        expected: interval / 2,
        found: average(outcomes.map((one) => one.felt)),
        tolerance: 0.05,
      },
      {
        title: `every ${interval} s: checks`,
        expected: lasted / interval + 0.5,
        found: average(outcomes.map((one) => one.checks)),
        tolerance: 0.02,
      },
    ]
  })
}

/**
 * An exponential end has no memory: the best interval d is constant and solves exp(d/m) - d/m - 1
 * = price/m, and 1 / (1 - exp(-d/m)) requests are sent.
 */
function optima(): Check[] {
  const mean = 60
  const ends = Array.from({ length: 20_000 }, (_, k) => -mean * Math.log(1 - (k + 0.5) / 20_000))
  return [1, 20].flatMap((price) => {
    let [low, high] = [0, 20]
    for (let round = 0; round < 60; round++) {
      const z = (low + high) / 2
      if (Math.exp(z) - z - 1 < price / mean) low = z
      else high = z
    }
    const requests = 1 / (1 - Math.exp(-low))
    const best = bestSchedule(ends, price)
    return [
      {
        title: `optimum at ${price} s: checks`,
        expected: requests,
        found: best.checks,
        tolerance: 0.03,
      },
      {
        title: `optimum at ${price} s: delay`,
        expected: requests * low * mean - mean,
        found: best.delay,
        tolerance: 0.03,
      },
    ]
  })
}

import { MINUTE } from '../../core/lib/units.ts'
import { seeded } from './random.ts'
import { type Job, job, type WorldOptions } from './world.ts'

export type WorkloadName = 'W1' | 'W2' | 'W3' | 'W4' | 'W5' | 'W6' | 'W7'

/** Simulated time begins at a real date, so that nothing depends on a clock that starts at 0. */
const DAWN = Date.UTC(2027, 0, 15, 8)

/** Workloads: title, number of runs (2,000 to 6,000 tasks), and when tasks are submitted. */
export const WORKLOADS: Record<
  WorkloadName,
  { title: string; runs: number; starts: (unit: () => number) => number[] }
> = {
  W1: { title: 'one task', runs: 6000, starts: () => [0] },
  W2: { title: 'five in 2 min', runs: 1000, starts: (unit) => spread(unit, 5, 2) },
  W3: { title: 'twenty in 30 min', runs: 200, starts: (unit) => spread(unit, 20, 30) },
  W4: { title: 'ten an hour for 8 h', runs: 50, starts: (unit) => poisson(unit, 10, 8) },
  W5: { title: 'a hundred at once', runs: 20, starts: () => Array(100).fill(0) },
  W6: { title: 'fifty at once', runs: 60, starts: () => Array(50).fill(0) },
  W7: { title: 'twenty in 5 min', runs: 200, starts: (unit) => spread(unit, 20, 5) },
}

export function jobsOf(name: WorkloadName, seed: number, options: WorldOptions = {}): Job[] {
  const random = seeded(seed)
  const starts = WORKLOADS[name].starts(random.unit).sort((a, b) => a - b)
  return starts.map((start, index) => job(random, String(index), DAWN + start, options))
}

function spread(unit: () => number, count: number, minutes: number): number[] {
  return Array.from({ length: count }, () => unit() * minutes * MINUTE)
}

function poisson(unit: () => number, perHour: number, hours: number): number[] {
  const starts: number[] = []
  const next = (at: number) => at - Math.log(1 - unit()) * ((60 * MINUTE) / perHour)
  for (let at = next(0); at < hours * 60 * MINUTE; at = next(at)) starts.push(at)
  return starts
}

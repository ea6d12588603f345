import { estimateProgress, remaining } from '../../core/schedule/progress.ts'
import type { Conditions, Contestant, Outcome } from './simulate.ts'
import { simulate } from './simulate.ts'
import { jobsOf, WORKLOADS, type WorkloadName } from './workloads.ts'
import type { WorldOptions } from './world.ts'

/** Figures of one contestant in one workload; delays in seconds. */
export interface Figures {
  readonly mean: number
  readonly median: number
  readonly p95: number
  readonly max: number
  /** Share of the tasks whose end the page never learned. */
  readonly never: number
  /** Requests per task. */
  readonly checks: number
  readonly refusals: number
  /** Longest time from the end of an outage until the page knew that a task had ended. */
  readonly afterOutage: number
  /** Mean error of the progress bar in percentage points, with the bar standing still. */
  readonly stale: number
  /** The same with the bar moving between responses. */
  readonly moving: number
  /** Share of the ends within the range of `remaining`; 0.6 is right. */
  readonly inRange: number
}

/** Differences from the plain case: a sliding 100 per hour, one visible tab, a sound network. */
export interface Variant extends WorldOptions, Partial<Omit<Conditions, 'seed'>> {}

export const PLAIN: Omit<Conditions, 'seed'> = {
  server: { kind: 'sliding', limit: 100, retryAfter: true, phase: 0 },
  assumed: 100,
  tabs: 1,
  hides: false,
  failing: 0,
  others: 0,
  roundTrip: 150,
  pasted: 'no',
  outage: null,
}

/** Policies were tuned on seeds below this; reported figures use seeds above. */
export const REPORT_SEEDS = 1_000_000_000

export function measure(
  contestant: Contestant,
  workload: WorkloadName,
  part: number,
  variant: Variant = {},
  seeds = REPORT_SEEDS,
): Figures {
  const outcomes: Outcome[] = []
  let refusals = 0
  const runs = Math.max(1, Math.round(WORKLOADS[workload].runs * part))
  for (let index = 0; index < runs; index++) {
    const seed = seeds + index
    const conditions = { ...PLAIN, ...variant, seed }
    const run = simulate(contestant, jobsOf(workload, seed, variant), conditions)
    outcomes.push(...run.outcomes)
    refusals += run.refusals
  }
  return figures(outcomes, refusals)
}

function figures(outcomes: readonly Outcome[], refusals: number): Figures {
  const delays = outcomes.map((one) => one.felt).sort((a, b) => a - b)
  const at = (part: number) => delays[Math.min(delays.length - 1, Math.floor(part * delays.length))]
  const bar = { samples: 0, still: 0, moving: 0, ranges: 0, hits: 0 }
  for (const one of outcomes) sampleBar(one, bar)
  return {
    mean: average(delays),
    median: at(0.5) ?? 0,
    p95: at(0.95) ?? 0,
    max: at(1) ?? 0,
    never: outcomes.filter((one) => one.known === null).length / outcomes.length,
    checks: average(outcomes.map((one) => one.checks)),
    refusals,
    afterOutage: Math.max(0, ...outcomes.map((one) => one.afterOutage ?? 0)),
    stale: bar.still / bar.samples,
    moving: bar.moving / bar.samples,
    inRange: bar.hits / bar.ranges,
  }
}

const BAR_SAMPLES = 20

/** Samples the progress bar of a task twenty times in its life. */
function sampleBar(
  { job, seen }: Outcome,
  bar: Record<'samples' | 'still' | 'moving' | 'ranges' | 'hits', number>,
) {
  for (let sample = 0; sample < BAR_SAMPLES; sample++) {
    const at = job.start + ((job.end - job.start) * (sample + 0.5)) / BAR_SAMPLES
    const history = { startedAt: job.start, seen: seen.filter((one) => one.at <= at) }
    const truth = job.status(at).progress
    bar.samples++
    bar.still += Math.abs((history.seen[history.seen.length - 1]?.progress ?? 0) - truth)
    bar.moving += Math.abs((estimateProgress(history, at) ?? 0) - truth)
    const range = remaining(history, at)
    const left = (job.end - at) / 1000
    if (range === null) continue
    bar.ranges++
    if (range.from <= left && left <= range.to) bar.hits++
  }
}

export function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

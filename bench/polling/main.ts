/**
 * tsx bench/polling/main.ts [--quick] [--workload W1] [--seeds N]
 *
 * Simulates the polling policy and its peers and prints how late they detect the end of a task.
 * Exits with an error if a goal is missed. --seeds uses another block of seeds, to show how much
 * is chance; --quick simulates so few tasks that its figures are only a rough estimate.
 */
import { parseArgs } from 'node:util'
import {
  BEYOND,
  type Case,
  type Goal,
  LIMITERS,
  MUST,
  OUTAGES,
  type PlainWorkload,
  VARIANTS,
} from './goals.ts'
import { average, type Figures, measure, PLAIN, REPORT_SEEDS, type Variant } from './measure.ts'
import { bestDelay } from './optimum.ts'
import { LOUPE, PEERS } from './peers.ts'
import { simulate } from './simulate.ts'
import { planMilliseconds } from './speed.ts'
import { validate } from './validate.ts'
import { jobsOf, WORKLOADS, type WorkloadName } from './workloads.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '0' },
    workload: { type: 'string' },
  },
})
const seeds = REPORT_SEEDS + 1_000_000 * Number(values.seeds)
const chosen = (Object.keys(WORKLOADS) as WorkloadName[]).filter(
  (name) => values.workload === undefined || name === values.workload,
)
const plain = chosen.filter((name): name is PlainWorkload => name !== 'W7')
const missed: string[] = []

title('Known answers')
for (const { title, expected, found, tolerance } of validate()) {
  const good = Math.abs(found / expected - 1) <= tolerance
  if (!good) missed.push(title)
  row(title, `${format(found)} expected ${format(expected)}`, mark(good))
}

title('Goals: mean / median / p95 / max of the delay in seconds, checks a task')
for (const name of plain) {
  const figures = measure(LOUPE, name, values.quick ? 0.5 : 1, {}, seeds)
  const reached = judge(name, figures, MUST[name])
  const beyond = met(figures, BEYOND[name])
  row(
    `${name} ${WORKLOADS[name].title}`,
    line(figures),
    `${mark(reached)}${beyond ? ', beyond' : ''}`,
  )
  row(
    '',
    `the bar ${format(figures.stale)} points off, moving ${format(figures.moving)}; in range ${format(100 * figures.inRange)} %`,
  )
}

title('Kinds of limit')
for (const one of LIMITERS) examine(one, values.quick ? 0.02 : 0.1)
title('Outages, and how long after its end the last was known that was over by then')
for (const one of OUTAGES) examine(one, values.quick ? 0.05 : 0.5)
title('Variants')
for (const one of VARIANTS) examine(one, values.quick ? 0.03 : 0.15)

title('Peers')
for (const name of plain)
  for (const peer of values.quick ? PEERS.slice(4) : PEERS) {
    // A peer that ignores the limit takes the longest to simulate and shows the least.
    const figures = measure(peer, name, values.quick ? 0.001 : 0.02, {}, seeds)
    row(`${name} ${peer.name}`, line(figures))
  }

title('Distance to the optimum for a task that tells nothing before its end')
{
  const blind: Variant = { profile: 'silent', words: false }
  const lastedOf = (seed: number) =>
    average(jobsOf('W1', seed, blind).map((job) => (job.end - job.start) / 1000))
  const runs = values.quick ? 1000 : 4000
  const outcomes = Array.from({ length: runs }, (_, index) => {
    const seed = seeds + index
    const world = { ...PLAIN, roundTrip: 0, seed }
    return simulate(LOUPE, jobsOf('W1', seed, blind), world).outcomes[0]
  }).filter((one) => one !== undefined)
  const delay = average(outcomes.map((one) => one.felt))
  const requests = average(outcomes.map((one) => one.checks))
  // A separate, large sample: otherwise the optimum would know the tasks that it is measured on.
  const ends = Array.from({ length: 60_000 }, (_, index) => lastedOf(seeds + 500_000 + index))
  const best = bestDelay(ends, requests)
  const good = delay <= 1.25 * best
  if (!good && !values.quick) missed.push('optimum')
  row(
    `at ${format(requests)} checks`,
    `${format(delay)}, the optimum ${format(best)}: ${format(delay / best)}`,
    mark(good),
  )
}

title('One plan()')
for (const [count, most] of [
  [100, 5],
  [1000, 5],
] as const) {
  const { median, fastest } = planMilliseconds(count)
  if (fastest > most) missed.push(`${count} tasks`)
  row(
    `${count} tasks`,
    `${fastest.toFixed(2)} ms, median ${median.toFixed(2)} ms`,
    mark(fastest <= most),
  )
}

if (values.quick) console.log('\nA glance: run without --quick for a verdict on the goals.')
if (missed.length > 0) {
  console.log(`\nMissed: ${missed.join(', ')}`)
  process.exitCode = 1
}

function examine({ title, workloads, variant, goals, mayBeRefused }: Case, part: number) {
  for (const name of workloads) {
    if (!chosen.includes(name)) continue
    const enough = goals[name] === undefined ? part : 2 * part
    const figures = measure(LOUPE, name, enough, variant, seeds)
    const label = `${name} ${title}`
    const reached = judge(label, figures, goals[name] ?? {})
    const quiet = mayBeRefused === true || figures.refusals === 0
    if (!quiet) missed.push(`${label}: 429`)
    if (figures.never > 0) missed.push(`${label}: starved`)
    row(label, line(figures), mark(reached && quiet && figures.never === 0))
  }
}

function judge(label: string, figures: Figures, goal: Goal): boolean {
  for (const [key, most] of Object.entries(goal) as [keyof Goal, number][])
    if (figures[key] > most && !values.quick)
      missed.push(`${label}: ${key} ${format(figures[key])} > ${most}`)
  return met(figures, goal)
}

function met(figures: Figures, goal: Goal): boolean {
  return (Object.entries(goal) as [keyof Goal, number][]).every(
    ([key, most]) => figures[key] <= most,
  )
}

function line(figures: Figures): string {
  const { mean, median, p95, max, checks, refusals, never, afterOutage } = figures
  const delays = [mean, median, p95, max].map((value) => format(value).padStart(6)).join(' ')
  const lost = never > 0 ? `, ${format(100 * never)} % never known` : ''
  const after = afterOutage > 0 ? `, ${format(afterOutage)} s` : ''
  return `${delays}  ${format(checks).padStart(5)} q${after}${refusals > 0 ? `, ${refusals} x 429` : ''}${lost}`
}

function format(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value.toFixed(Math.abs(value) < 100 ? (Math.abs(value) < 10 ? 2 : 1) : 0)
}

function title(text: string) {
  console.log(`\n${text}`)
}

function row(label: string, ...cells: string[]) {
  console.log(`  ${label.padEnd(52)} ${cells.join('  ')}`)
}

function mark(good: boolean): string {
  return good ? 'ok' : 'MISSED'
}

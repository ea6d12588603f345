import autocannon, { type Result } from 'autocannon'
import { median, quantile } from './figures.ts'
import { cpuMs, type Program } from './programs.ts'

/** Where a program serves status requests. */
export interface Target {
  readonly name: string
  readonly program: Program
  readonly path: string
}

export interface Kind {
  readonly title: string
  /** Prefix of the task IDs: see upstream.ts. */
  readonly task: 'running' | 'settled'
}

interface Round {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** CPU time of the program's process per response; null where the system does not report it. */
  readonly cpuMicros: number | null
}

const ROUNDS = 5
const CONNECTIONS = 10
/** Until V8 has compiled the hot code: at first a response took three times as long. */
const WARM_UP_S = 10
const GOAL = 0.8

/** Within the hourly limit of a key, whatever the schedule requests meanwhile. */
const KEYS = 4
const TASKS_OF_KEY = 5

const requestsFor = (kind: Kind) =>
  Array.from({ length: KEYS * TASKS_OF_KEY }, (_, n) => ({
    headers: {
      'content-type': 'application/json',
      'x-api-key': `bench-key-${kind.task}-${n % KEYS}`,
    },
    body: JSON.stringify({ data: { taskId: `${kind.task}-${n}` } }),
  }))

async function load({ name, program, path }: Target, kind: Kind, seconds: number): Promise<Round> {
  const latencies: number[] = []
  const before = cpuMs(program.pid)
  const from = performance.now()
  const { non2xx, errors } = await new Promise<Result>((resolve, reject) => {
    const under = autocannon(
      {
        url: program.url + path,
        method: 'POST',
        connections: CONNECTIONS,
        duration: seconds,
        requests: requestsFor(kind),
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    )
    // Its own percentiles are in whole milliseconds.
    under.on('response', (_client, _status, _bytes, ms) => latencies.push(ms))
  })
  const tookS = (performance.now() - from) / 1000
  const after = cpuMs(program.pid)
  if (non2xx + errors > 0 || latencies.length === 0) {
    throw new Error(`${name}: ${non2xx} answers were refusals, ${errors} did not come`)
  }
  return {
    perSecond: latencies.length / tookS,
    p50: median(latencies),
    p99: quantile(latencies, 0.99),
    cpuMicros:
      before === null || after === null ? null : (1000 * (after - before)) / latencies.length,
  }
}

/**
 * Alternates rounds, so that other load on the machine affects both. Returns whether the goal was
 * reached.
 */
export async function compare(
  kind: Kind,
  ours: Target,
  bare: Target,
  seconds: number,
): Promise<boolean> {
  console.log(`\n${kind.title}: ${ROUNDS} rounds of ${seconds} s, ${CONNECTIONS} connections`)
  for (const target of [ours, bare]) await load(target, kind, WARM_UP_S)
  const rounds: { ours: Round; bare: Round }[] = []
  for (let n = 0; n < ROUNDS; n++) {
    rounds.push({ ours: await load(ours, kind, seconds), bare: await load(bare, kind, seconds) })
  }
  row(
    ours.name,
    rounds.map((round) => round.ours),
  )
  row(
    bare.name,
    rounds.map((round) => round.bare),
  )
  // Ratio per pair of rounds, because the speed of the machine varies.
  const ratios = rounds.map((round) => round.ours.perSecond / round.bare.perSecond)
  const ratio = median(ratios)
  const reached = ratio >= GOAL
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
  console.log(
    `  ratio ${ratio.toFixed(2)} (${spread}), goal at least ${GOAL}: ${reached ? 'reached' : 'MISSED'}`,
  )
  return reached
}

function row(name: string, rounds: readonly Round[]): void {
  const of = (pick: (round: Round) => number) => median(rounds.map(pick))
  const cpu = of(({ cpuMicros }) => cpuMicros ?? Number.NaN)
  const figures = [
    `${of(({ perSecond }) => perSecond)
      .toFixed(0)
      .padStart(7)} answers/s`,
    `ms: median ${of(({ p50 }) => p50).toFixed(2)}, 99 % within ${of(({ p99 }) => p99).toFixed(2)}`,
    `${Number.isNaN(cpu) ? '—' : cpu.toFixed(0)} µs of processor an answer`,
  ]
  console.log(`  ${name.padEnd(18)}${figures.join('   ')}`)
}

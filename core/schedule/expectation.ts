import { type History, hazardOf, seconds } from './hazard.ts'

/** Expected course of a task while it is not checked; index k belongs to `nodes[k]`. */
export interface Foresight {
  /** Seconds from now, ascending, the first 0. */
  readonly nodes: readonly number[]
  /** Seconds since the last response, as of now. */
  readonly elapsed: number
  /** Delay that a check would uncover, E(x) / S(x): hidden seconds per surviving probability. */
  readonly worth: readonly number[]
  /** Integral of S sqrt(h) from now on: desired checks, times the square root of twice the price. */
  readonly load: readonly number[]
  /** Probability that it ends by then, given that it has not ended by now. */
  readonly ends: readonly number[]
}

const RATIO = 2
const FINEST_S = 0.3

/** Seconds ahead: 0, then in growing steps up to the horizon. */
export function nodesUpTo(longestMs: number): readonly number[] {
  const nodes: number[] = []
  for (let x = longestMs / 1000; x > FINEST_S; x /= RATIO) nodes.push(x)
  return [...nodes, 0].reverse()
}

export function foresee(history: History, now: number, nodes: readonly number[]): Foresight {
  const hazard = hazardOf(history)
  const answeredAt = history.seen[history.seen.length - 1]?.at ?? history.startedAt ?? now
  const elapsed = seconds(now - answeredAt)
  let alive = 1
  let hidden = 0
  let wanted = 0
  let reached = 0
  let aliveNow = 1
  let wantedBefore = 0
  const worth: number[] = []
  const load: number[] = []
  const ends: number[] = []
  // The time since the response is integrated in two cells, so index -1 lies within it.
  for (let k = -1; k < nodes.length; k++) {
    const stop = k < 0 ? elapsed / 4 : elapsed + (nodes[k] ?? 0)
    // Within a cell the hazard at its midpoint applies, and survival falls exponentially.
    const span = stop - reached
    const expected = hazard(reached + span / 2) * span
    const survives = alive * Math.exp(-expected)
    const mean = expected > 1e-6 ? (alive - survives) / expected : alive
    hidden += (1 - mean) * span
    wanted += mean * Math.sqrt(expected * span)
    alive = survives
    reached = stop
    if (k < 0) continue
    if (k === 0) {
      aliveNow = alive
      wantedBefore = wanted
    }
    worth.push(hidden / Math.max(alive, Number.MIN_VALUE))
    load.push(wanted - wantedBefore)
    ends.push(1 - alive / aliveNow)
  }
  return { nodes, elapsed, worth, load, ends }
}

/** Seconds from now until a check is worth its price; negative if overdue. */
export function dueIn({ nodes, elapsed, worth }: Foresight, price: number): number {
  const after = worth.findIndex((value) => value >= price)
  const [x0 = 0, x1 = 0] = [nodes[after - 1], nodes[after]]
  const [w0 = 0, w1 = 0] = [worth[after - 1], worth[after]]
  if (after === 0) return -w1 / price
  if (after < 0) return nodes[nodes.length - 1] ?? 0
  // Between nodes worth grows like a power of the time since the response, at first the square.
  const power =
    w0 > 0 && elapsed + x0 > 0 ? Math.log(w1 / w0) / Math.log((elapsed + x1) / (elapsed + x0)) : 2
  return Math.max(x0, (elapsed + x1) * (price / w1) ** (1 / power) - elapsed)
}

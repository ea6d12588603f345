import { type History, hazardOf, seconds } from './belief.ts'

/** What is to be expected of a task as long as it is not asked; index k belongs to `nodes[k]`. */
export interface Foresight {
  /** Seconds from now, ascending, the first 0. */
  readonly nodes: readonly number[]
  /** Since the last answer, in seconds, as of now. */
  readonly elapsed: number
  /** The delay a question would uncover, E(x) / S(x): seconds hidden for each chance still alive. */
  readonly worth: readonly number[]
  /** Integral of S sqrt(h) from now on: questions it wants, times the root of twice the price. */
  readonly load: readonly number[]
  /** The chance that it ends by then if it has not ended by now. */
  readonly ends: readonly number[]
}

const RATIO = 2
const FINEST_S = 0.3

/** Seconds ahead: 0, then ever wider up to the longest look ahead. */
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
  // The time since the answer is walked in two cells, so index -1 lies in it.
  for (let k = -1; k < nodes.length; k++) {
    const stop = k < 0 ? elapsed / 4 : elapsed + (nodes[k] ?? 0)
    // Across a cell the hazard of its middle counts, and survival falls exponentially.
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

/** Seconds from now until a question is worth its price; below 0, the more overdue the lower. */
export function dueIn({ nodes, elapsed, worth }: Foresight, price: number): number {
  const after = worth.findIndex((value) => value >= price)
  const [x0 = 0, x1 = 0] = [nodes[after - 1], nodes[after]]
  const [w0 = 0, w1 = 0] = [worth[after - 1], worth[after]]
  if (after === 0) return -w1 / price
  if (after < 0) return nodes[nodes.length - 1] ?? 0
  // Between nodes worth grows like a power of the time since the answer, at first the square.
  const power =
    w0 > 0 && elapsed + x0 > 0 ? Math.log(w1 / w0) / Math.log((elapsed + x1) / (elapsed + x0)) : 2
  return Math.max(x0, (elapsed + x1) * (price / w1) ** (1 / power) - elapsed)
}

/**
 * Hazard model of a task's end, from its responses alone: the probability per second that it ends,
 * given that it has not ended yet. Durations here are in seconds.
 */

/**
 * State of the work in a response: idle is a waiting status without progress, active any sign of work,
 * unknown an undocumented status.
 */
export type Phase = 'idle' | 'active' | 'unknown'

/** One response for a task that had not ended. */
export interface Observation {
  /** When the response arrived, epoch ms. */
  readonly at: number
  readonly phase: Phase
  /** 0 to 100 as reported; null: not reported. */
  readonly progress: number | null
}

export interface History {
  /** Epoch ms; null: unknown, as for a pasted ID. */
  readonly startedAt: number | null
  /** Oldest first. */
  readonly seen: readonly Observation[]
}

/** Probability per second that the task ends, `x` seconds after its last response. */
export type Hazard = (x: number) => number

/** Measurements from the changes of progress, as of the last response. */
export interface Motion {
  readonly progress: number
  /** From the start of the work to the last change. */
  readonly worked: number
  /** From the last change to the last response. */
  readonly stood: number
  readonly changes: number
  /** From the response that showed the last change to the last response. */
  readonly still: number
  /** Estimated size of a progress step: a hundred over the number of tiles or files. */
  readonly step: number
}

/** For tasks without progress: the hazard times the age, from the earliest age at which any end. */
const PER_AGE = 0.6
const SOONEST_S = 7.5
/** Fraction of it that applies to a task that was waiting at the last check. */
const WAITING = 0.05
/** Minimum hazard: every task ends eventually. */
const LEAST_SILENT = 1 / 2000
/** Assumed age of a task first seen at work: low, so that a second check soon measures its speed. */
const UNKNOWN_AGE_S = 8

/** For tasks that report progress: the spread of the logarithm of the time left, ... */
const SPREAD = 0.12
/** ... more after a single change, ... */
const SPREAD_AT_FIRST = 1.1
/** ... and for uneven steps: the error of the ratio of the remaining steps to those done. */
const SPREAD_PER_STEP = 0.14
/** Finer steps count as continuous. */
const MAX_PIECES = 50
/** From 99 on progress carries no information: the time left, as a fraction of the work so far. */
const LAST_PERCENT = 0.036
const LAST_SPREAD = 1
/** Expected failures within the duration of the whole work. */
const FAILURES = 0.14
/** Avoids a division by zero. */
const MIN_S = 0.01
/** Value of an up-to-date number on the page, expressed as a hazard. */
const FRESHNESS = 1 / 5000

export function hazardOf(history: History): Hazard {
  const motion = motionOf(history)
  return motion === null ? silentHazard(history) : movingHazard(motion)
}

/**
 * Without progress only the age is known: the longer a task has run, the longer it will run, so the
 * hazard is a constant over the age. A waiting task seldom ends before it was seen at work, but it may
 * start between checks: the longer ago the last response, the less it counts.
 */
function silentHazard({ startedAt, seen }: History): Hazard {
  const first = seen[0]
  const last = seen[seen.length - 1]
  const before = startedAt === null && first?.phase !== 'idle' ? UNKNOWN_AGE_S : 0
  const age = before + (last && first ? seconds(last.at - (startedAt ?? first.at)) : 0)
  const working = last?.phase === 'active'
  return (x) => {
    const total = age + x
    const unwatched = total > 0 ? x / total : 0
    const begun = working ? 1 : WAITING + (1 - WAITING) * unwatched
    return (
      (begun * PER_AGE * Math.min(1, total / SOONEST_S) ** 2) / Math.max(SOONEST_S, total) +
      LEAST_SILENT
    )
  }
}

/**
 * With progress the time left since the last change is log-logistic around the mean speed's estimate,
 * and the spread is wider the fewer changes were seen.
 */
function movingHazard({ progress, worked, stood, changes, step }: Motion): Hazard {
  const left = progress >= 99 ? LAST_PERCENT * worked : (worked * (100 - progress)) / progress
  const width =
    progress >= 99
      ? LAST_SPREAD
      : SPREAD +
        (changes < 2 ? SPREAD_AT_FIRST : 0) +
        SPREAD_PER_STEP * Math.sqrt(step / progress + step / (100 - progress))
  const shape = 1 / width
  const floor = FAILURES / (worked + left) + FRESHNESS
  return (x) => {
    const since = Math.max(MIN_S, stood + x)
    const odds = (since / left) ** shape
    return (shape * odds) / (1 + odds) / since + floor
  }
}

export function motionOf({ startedAt, seen }: History): Motion | null {
  let progress = 0
  let changes = 0
  const values: number[] = []
  let previousAt = startedAt
  let idleUntil = startedAt
  let begunBy: number | null = null
  let first: { at: number; progress: number } | null = null
  let changed: { after: number; by: number } | null = null
  for (const { at, phase, progress: reported } of seen) {
    const value = Number.isFinite(reported)
      ? Math.min(100, Math.max(0, Number(reported)))
      : progress
    if (begunBy === null && (phase === 'active' || value > 0)) begunBy = at
    if (begunBy === null) idleUntil = at
    if (value !== progress) {
      values.push(value)
      // For a task first seen halfway, the first value is a position, not a change.
      if (previousAt !== null) {
        changes++
        changed = { after: previousAt, by: at }
      }
      first ??= { at, progress: value }
      progress = value
    }
    previousAt = at
  }
  if (begunBy === null || first === null || changed === null || previousAt === null) return null
  if (progress <= 0) return null
  // The work began where the line through the first and the last change crosses zero, ...
  const rise = progress - first.progress
  const drawnBack =
    rise > 0
      ? first.at - (first.progress * (changed.by - first.at)) / rise
      : ((idleUntil ?? begunBy) + begunBy) / 2
  // ... but after the last idle response and not after the first active one.
  const start = Math.min(begunBy, Math.max(idleUntil ?? Number.NEGATIVE_INFINITY, drawnBack))
  const step = 100 / piecesOf(values)
  const halfStep = ((changed.by - start) * step) / progress / 2
  const moved = changed.by - Math.min(halfStep, (changed.by - changed.after) / 2)
  return {
    progress,
    worked: Math.max(0.5, seconds(moved - start)),
    stood: seconds(previousAt - moved),
    changes,
    still: seconds(previousAt - changed.by),
    step,
  }
}

/**
 * The smallest number of equal pieces of which every value, rounded down, is a multiple. Continuous
 * values need more pieces the more of them are seen; from 99 on a value is ignored.
 */
function piecesOf(values: readonly number[]): number {
  for (let pieces = 1; pieces < MAX_PIECES; pieces++) {
    let fit = 0
    for (const value of values) {
      const whole = Math.floor((Math.ceil((value * pieces) / 100) * 100) / pieces)
      if (whole !== value && value < 99) break
      fit++
    }
    if (fit === values.length) return pieces
  }
  return MAX_PIECES
}

/** Milliseconds to seconds; 0 for NaN and for negative values from a wrong clock. */
export function seconds(ms: number): number {
  return ms > 0 ? ms / 1000 : 0
}

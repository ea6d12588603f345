/**
 * What is believed about the end of a task, from its answers alone: a hazard, the chance per second
 * that it ends, given that it has not ended yet. Durations here are in seconds.
 */

/**
 * What an answer says of the work: idle is the waiting word without progress, active any sign of
 * work, unknown a word that no documentation has.
 */
export type Phase = 'idle' | 'active' | 'unknown'

/** One answer about a task that had not ended. */
export interface Observation {
  /** Epoch ms at which the answer arrived. */
  readonly at: number
  readonly phase: Phase
  /** 0 to 100 as reported; null: not reported. */
  readonly progress: number | null
}

export interface History {
  /** Epoch ms; null: not known, as for an id that was pasted. */
  readonly startedAt: number | null
  /** Oldest first. */
  readonly seen: readonly Observation[]
}

/** The chance per second that the task ends, `x` seconds after its last answer. */
export type Hazard = (x: number) => number

/** What the changes of progress tell, as of the last answer. */
export interface Motion {
  readonly progress: number
  /** From the start of the work to the last change. */
  readonly worked: number
  /** From the last change to the last answer. */
  readonly stood: number
  readonly changes: number
  /** From the answer that showed the last change to the last answer. */
  readonly still: number
  /** How far progress jumps, as far as is known: a hundred over the number of tiles or files. */
  readonly step: number
}

/** Of the tasks that tell nothing: the hazard times the age, from the age at which any end. */
const PER_AGE = 0.6
const SOONEST_S = 7.5
/** The part of it that is left for a task that was waiting when last asked. */
const WAITING = 0.05
/** No task takes for ever. */
const LEAST_SILENT = 1 / 2000
/** The age of a task that was found at work: so young that a second question soon tells its speed. */
const UNKNOWN_AGE_S = 8

/** Of the tasks that report progress: the spread of the logarithm of the time left, ... */
const SPREAD = 0.12
/** ... more after a single change, ... */
const SPREAD_AT_FIRST = 1.1
/** ... and as uneven steps leave it: the error of a ratio of the steps to come and those done. */
const SPREAD_PER_STEP = 0.14
/** Finer steps are as good as none. */
const MOST_PIECES = 50
/** At 99 and 100 the number says no more: the time left, as a part of the work so far. */
const LAST_PERCENT = 0.036
const LAST_SPREAD = 1
/** Failures: so many in the time that the whole work takes. */
const FAILURES = 0.14
/** Keeps the formula from a division by nothing. */
const SHORTEST_S = 0.01
/** Worth of a fresh number on the page, as if it were a hazard. */
const FRESHNESS = 1 / 5000

export function hazardOf(history: History): Hazard {
  const motion = motionOf(history)
  return motion === null ? silentHazard(history) : movingHazard(motion)
}

/**
 * Without progress only the age speaks: what has lasted long will last long, so the hazard is a
 * constant over the age. A waiting task seldom ends before it was seen to work, but it may begin
 * unseen: the longer nobody looks, the less the last answer counts.
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
 * With progress the time left since the last change is log-logistic around what the mean speed
 * gives, and the wider the less was seen.
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
    const since = Math.max(SHORTEST_S, stood + x)
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
      // Of a task found halfway, the first value is where it was, not how far it came.
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
  // The work began where the line through the first and the last change meets zero, ...
  const rise = progress - first.progress
  const drawnBack =
    rise > 0
      ? first.at - (first.progress * (changed.by - first.at)) / rise
      : ((idleUntil ?? begunBy) + begunBy) / 2
  // ... but after the last idle answer and not after the first active one.
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
 * The fewest equal pieces of which every value is a whole number, rounded down. Values that glide need
 * ever more pieces the more of them are seen; from 99 on a number says nothing.
 */
function piecesOf(values: readonly number[]): number {
  for (let pieces = 1; pieces < MOST_PIECES; pieces++) {
    let fit = 0
    for (const value of values) {
      const whole = Math.floor((Math.ceil((value * pieces) / 100) * 100) / pieces)
      if (whole !== value && value < 99) break
      fit++
    }
    if (fit === values.length) return pieces
  }
  return MOST_PIECES
}

/** Milliseconds to seconds; what a wrong clock makes negative or no number is 0. */
export function seconds(ms: number): number {
  return ms > 0 ? ms / 1000 : 0
}

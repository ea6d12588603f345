import { DAY } from '../lib/units.ts'
import { foresee, nodesUpTo } from './expectation.ts'
import { type History, motionOf, seconds } from './hazard.ts'

/** Below the mean speed, so that a response seldom moves the bar back. */
const PART_OF_SPEED = 0.8
const MAX_AHEAD = 25
const LAST_GUESS = 99

/**
 * Estimated progress at `now` (epoch ms), 0 to 100: the reported value, moved on a little. For display
 * only, and distinct from the reported value; null: no progress was reported.
 */
export function estimateProgress(history: History, now: number): number | null {
  const last = history.seen[history.seen.length - 1]
  const motion = motionOf(history)
  if (motion === null || last === undefined) return last?.progress ?? null
  const { progress, worked, stood, still } = motion
  // Measured from the visible changes: an estimate of when they began would run ahead of them.
  const speed = progress / (worked + stood - still)
  const ahead = Math.min(MAX_AHEAD, PART_OF_SPEED * speed * (still + seconds(now - last.at)))
  return Math.max(progress, Math.min(LAST_GUESS, progress + ahead))
}

/** Minimum number of progress changes for a forecast of the time left. */
const GROUND = 2

/**
 * Seconds left at `now` (epoch ms), from the first to the last quintile of the model. The range is
 * conservative: about three in four tasks end within it. Null: too little data for a forecast.
 */
export function remaining(history: History, now: number): { from: number; to: number } | null {
  const motion = motionOf(history)
  if (motion === null || motion.changes < GROUND) return null
  const { nodes, ends } = foresee(history, now, nodesUpTo(DAY))
  const leftWith = (chance: number) => {
    const after = ends.findIndex((value) => value >= chance)
    const [x0 = 0, x1 = 0] = [nodes[after - 1], nodes[after]]
    const [p0 = 0, p1 = 0] = [ends[after - 1], ends[after]]
    return x0 + ((x1 - x0) * (chance - p0)) / (p1 - p0)
  }
  return { from: leftWith(0.2), to: leftWith(0.8) }
}

/** A pause is shown after a minute, and after three times the usual time between changes. */
const NOTABLE_S = 60
const UNUSUAL = 3

/** Milliseconds without progress up to the last response; null: too short to show. */
export function stalledFor(history: History): number | null {
  const motion = motionOf(history)
  if (motion === null) return unmoved(history)
  const { stood, worked, progress, step } = motion
  const usual = (worked * step) / progress
  return stood > Math.max(NOTABLE_S, UNUSUAL * usual) ? stood * 1000 : null
}

/** The same for a task without any change of progress, whatever its status. */
function unmoved({ startedAt, seen }: History): number | null {
  const reached = seen.findLast(({ progress }) => progress !== null)?.progress ?? null
  const moved = seen.findLastIndex(({ progress }) => progress !== null && progress !== reached)
  const since = moved < 0 ? (startedAt ?? seen[0]?.at) : seen[moved + 1]?.at
  const last = seen[seen.length - 1]
  if (since === undefined || last === undefined) return null
  return seconds(last.at - since) > NOTABLE_S ? last.at - since : null
}

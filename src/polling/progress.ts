import { DAY } from '../lib/units.ts'
import { type History, motionOf, seconds } from './belief.ts'
import { foresee, nodesUpTo } from './foresight.ts'

/** Behind the mean speed, so that an answer seldom has to take something back. */
const PART_OF_SPEED = 0.8
const MOST_AHEAD = 25
const LAST_GUESS = 99

/**
 * Where the bar may stand at `now` (epoch ms), 0 to 100: what was reported, moved on a little. A
 * guess for the eye, to be told apart from what was reported; null: no progress was reported.
 */
export function estimateProgress(history: History, now: number): number | null {
  const last = history.seen[history.seen.length - 1]
  const motion = motionOf(history)
  if (motion === null || last === undefined) return last?.progress ?? null
  const { progress, worked, stood, still } = motion
  // The eye counts from what was seen: a belief about when that began would run ahead of it.
  const speed = progress / (worked + stood - still)
  const ahead = Math.min(MOST_AHEAD, PART_OF_SPEED * speed * (still + seconds(now - last.at)))
  return Math.max(progress, Math.min(LAST_GUESS, progress + ahead))
}

/** With so many changes of progress the time left is a forecast, with fewer it is a guess. */
const GROUND = 2

/**
 * Seconds that are left at `now` (epoch ms), between the quintiles of the belief; it is a careful one,
 * and about three in four tasks end within. Null: there is no ground for a forecast yet.
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

/** A pause is worth a word after a minute, and after three times the usual time between changes. */
const NOTABLE_S = 60
const UNUSUAL = 3

/** Milliseconds without progress up to the last answer; null: none worth telling. */
export function stalledFor(history: History): number | null {
  const motion = motionOf(history)
  if (motion === null) return unmoved(history)
  const { stood, worked, progress, step } = motion
  const usual = (worked * step) / progress
  return stood > Math.max(NOTABLE_S, UNUSUAL * usual) ? stood * 1000 : null
}

/** Of a task that waits, never told its progress, or stands where it was found: whatever its status is called. */
function unmoved({ startedAt, seen }: History): number | null {
  const reached = seen.findLast(({ progress }) => progress !== null)?.progress ?? null
  const moved = seen.findLastIndex(({ progress }) => progress !== null && progress !== reached)
  const since = moved < 0 ? (startedAt ?? seen[0]?.at) : seen[moved + 1]?.at
  const last = seen[seen.length - 1]
  if (since === undefined || last === undefined) return null
  return seconds(last.at - since) > NOTABLE_S ? last.at - since : null
}

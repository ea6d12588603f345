import type { Phase } from '../../core/schedule/schedule.ts'
import type { Random } from './random.ts'

/** How a task reports its progress. */
export type Profile = 'linear' | 'tiles' | 'files' | 'plateau' | 'stall' | 'silent' | 'failing'
type Kind = 'quick' | 'typical' | 'heavy'

/** One simulated task. Times in milliseconds; `start` is when it was submitted. */
export interface Job {
  readonly id: string
  readonly start: number
  readonly end: number
  /** Status that the API would report at a time before the end. */
  status(at: number): { readonly phase: Phase; readonly progress: number }
}

/** Properties of the simulated tasks that a variant changes. */
export interface WorldOptions {
  readonly profile?: Profile
  /** Factor for all durations. */
  readonly pace?: number
  /** Mean time in the queue, as a share of the work. */
  readonly queue?: number
  /** Whether a running task ever reports ENHANCING. */
  readonly words?: boolean
}

const KINDS: Record<Kind, { median: number; sigma: number; most: number }> = {
  quick: { median: 12, sigma: 0.5, most: 120 },
  typical: { median: 45, sigma: 0.6, most: 600 },
  heavy: { median: 480, sigma: 0.7, most: 2400 },
}

const PROFILES: Record<Kind, Record<Profile, number>> = {
  quick: { linear: 30, tiles: 25, files: 5, plateau: 12, stall: 6, silent: 14, failing: 8 },
  typical: { linear: 28, tiles: 25, files: 7, plateau: 12, stall: 8, silent: 12, failing: 8 },
  heavy: { linear: 12, tiles: 8, files: 48, plateau: 8, stall: 8, silent: 8, failing: 8 },
}

export function job(random: Random, id: string, start: number, options: WorldOptions = {}): Job {
  const kind = random.pick<Kind>({ quick: 40, typical: 40, heavy: 20 })
  const { median, sigma, most } = KINDS[kind]
  const pace = options.pace ?? 1
  const work = Math.max(1.5, Math.min(most, random.logNormal(median, sigma)) * pace) * 1000
  const queue = random.exponential((options.queue ?? 0.2) * work)
  const drawn = random.pick(PROFILES[kind])
  const profile = options.profile ?? drawn
  const curve = CURVES[profile](random, kind)
  const enhancing = random.unit() < 0.7 && options.words !== false
  const hundredFrom =
    random.unit() < 0.3 && profile !== 'silent' && profile !== 'failing'
      ? 1 - random.between(0.01, 0.05)
      : 2
  const lasts = profile === 'failing' ? random.between(0.1, 0.9) : 1
  const begin = start + queue
  return {
    id,
    start,
    end: begin + work * lasts,
    status(at) {
      const part = (at - begin) / work
      if (part < 0) return { phase: 'idle', progress: 0 }
      const progress = part >= hundredFrom ? 100 : Math.min(99, Math.floor(100 * curve(part)))
      return { phase: enhancing || progress > 0 ? 'active' : 'idle', progress }
    },
  }
}

/** Maps the share of time gone (0 to 1) to the share of work reported (0 to 1). */
type Curve = (part: number) => number

const CURVES: Record<Profile, (random: Random, kind: Kind) => Curve> = {
  linear: (random) => uneven(random, 12, 0.35, true),
  failing: (random) => uneven(random, 12, 0.35, true),
  tiles: (random) => uneven(random, Math.round(4 * 16 ** random.unit()), 0.1, false),
  files: (random, kind) =>
    uneven(random, kind === 'heavy' ? random.whole(4, 40) : random.whole(2, 6), 0.6, false),
  plateau(random) {
    const reached = random.between(0.7, 0.95)
    return (part) => Math.min(0.99, (0.99 * part) / reached)
  },
  stall(random) {
    const height = random.between(0.2, 0.8)
    const pause = random.between(0.2, 0.6)
    const from = height * (1 - pause)
    return (part) =>
      part < from ? part / (1 - pause) : part < from + pause ? height : (part - pause) / (1 - pause)
  },
  silent: () => () => 0,
}

/** `count` pieces of uneven length; progress moves through them evenly, or jumps as each is finished. */
function uneven(random: Random, count: number, sigma: number, glides: boolean): Curve {
  const ends: number[] = []
  let total = 0
  for (let piece = 0; piece < count; piece++) {
    total += random.logNormal(1, sigma)
    ends.push(total)
  }
  return (part) => {
    const at = part * total
    let piece = 0
    while (piece < count - 1 && at >= (ends[piece] ?? total)) piece++
    if (!glides) return piece / count
    const from = piece === 0 ? 0 : (ends[piece - 1] ?? 0)
    return (piece + (at - from) / ((ends[piece] ?? total) - from)) / count
  }
}

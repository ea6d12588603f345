import { DAY } from '../../src/lib/units.ts'
import { problem } from './problem.ts'

/** What came of sending a start. */
export interface Outcome {
  /** none: no task can have been started. known: the answer tells. unknown: nothing does. */
  readonly effect: 'none' | 'known' | 'unknown'
  /** A fresh copy of it. */
  readonly answer: () => Response
}

/** Sends a start, unless one of the same id was sent before: then what came of that is the answer. */
export type Starts = (id: string, send: () => Promise<Outcome>) => Promise<Response>

interface Entry {
  readonly outcome: Promise<Outcome>
  /** Null while it is under way. */
  settledAt: number | null
}

const MOST_STARTS = 5000

/** Remembers starts for a day; beyond `most`, those that were sent longest ago are forgotten earlier. */
export function createStarts(now: () => number, most = MOST_STARTS): Starts {
  /** In the order they were sent. */
  const entries = new Map<string, Entry>()

  function makeRoom(): void {
    for (const [id, { settledAt }] of entries) {
      if (settledAt === null) continue
      if (now() < settledAt + DAY && entries.size < most) return
      entries.delete(id)
    }
  }

  async function send(id: string, work: () => Promise<Outcome>): Promise<Response> {
    const entry: Entry = { outcome: work(), settledAt: null }
    entries.set(id, entry)
    try {
      const { effect, answer } = await entry.outcome
      if (effect === 'none') entries.delete(id)
      return answer()
    } catch (error) {
      entries.delete(id)
      throw error
    } finally {
      entry.settledAt = now()
    }
  }

  return async (id, work) => {
    makeRoom()
    for (;;) {
      const earlier = entries.get(id)
      if (earlier === undefined) return send(id, work)
      const outcome = await earlier.outcome.catch(() => null)
      if (outcome?.effect === 'known') return outcome.answer()
      if (outcome?.effect === 'unknown') return problem('START_UNKNOWN')
      // It came to nothing, so this one is free to go, unless another was faster.
      if (entries.get(id) === earlier) entries.delete(id)
    }
  }
}

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

/** What came of a start; null: it was sent, and nothing else is known. */
export type KeptAnswer = {
  readonly status: number
  readonly headers: readonly [string, string][]
  readonly body: string
} | null

/** Keeps starts for a day from when they were noted last. */
export interface StartStore {
  /** What is kept of it; where nothing is, undefined, and it is noted as sent. Throws if it cannot be. */
  readonly note: (id: string) => KeptAnswer | undefined
  readonly keep: (id: string, answer: KeptAnswer) => void
  readonly forget: (id: string) => void
}

export const KEPT_FOR = DAY
const MOST_STARTS = 5000

/** Beyond `most`, those that were sent longest ago are forgotten earlier. */
export function startsInMemory(now: () => number, most = MOST_STARTS): StartStore {
  /** In the order they were sent. */
  const entries = new Map<string, { readonly answer: KeptAnswer; readonly at: number }>()

  function makeRoom(): void {
    for (const [id, { at }] of entries) {
      if (now() < at + KEPT_FOR && entries.size < most) return
      entries.delete(id)
    }
  }

  return {
    note(id) {
      const entry = entries.get(id)
      if (entry !== undefined && now() < entry.at + KEPT_FOR) return entry.answer
      entries.delete(id)
      makeRoom()
      entries.set(id, { answer: null, at: now() })
      return
    },
    keep: (id, answer) => void entries.set(id, { answer, at: now() }),
    forget: (id) => void entries.delete(id),
  }
}

/** `onFault` is told why something could not be kept. */
export function createStarts(store: StartStore, onFault: (error: unknown) => void): Starts {
  /** Those under way. Never forgotten, whatever the store does. */
  const flights = new Map<string, Promise<Outcome>>()

  /** That it was sent stays noted where what came of it cannot be, and the answer is given all the same. */
  function keeping(work: () => void): void {
    try {
      work()
    } catch (error) {
      onFault(error)
    }
  }

  async function sent(id: string, work: () => Promise<Outcome>): Promise<Outcome> {
    try {
      const outcome = await work()
      const answer = outcome.effect === 'known' ? await kept(outcome.answer()) : null
      keeping(() => (outcome.effect === 'none' ? store.forget(id) : store.keep(id, answer)))
      return outcome
    } catch (error) {
      keeping(() => store.forget(id))
      throw error
    } finally {
      flights.delete(id)
    }
  }

  /** Noted before it is sent: where this process ends in between, a task may have been started. */
  function noted(id: string): KeptAnswer | undefined | 'unnoted' {
    try {
      return store.note(id)
    } catch (error) {
      onFault(error)
      return 'unnoted'
    }
  }

  return async (id, work) => {
    for (;;) {
      const earlier = flights.get(id)
      if (earlier === undefined) {
        const answer = noted(id)
        if (answer === 'unnoted') return problem('START_UNAVAILABLE')
        if (answer !== undefined) return given(answer)
        const flight = sent(id, work)
        flights.set(id, flight)
        return (await flight).answer()
      }
      const outcome = await earlier.catch(() => null)
      if (outcome?.effect === 'known') return outcome.answer()
      if (outcome?.effect === 'unknown') return problem('START_UNKNOWN')
      // It came to nothing, so this one is free to go, unless another was faster.
    }
  }
}

const kept = async (answer: Response): Promise<KeptAnswer> => ({
  status: answer.status,
  headers: [...answer.headers],
  body: await answer.text(),
})

function given(answer: KeptAnswer): Response {
  if (answer === null) return problem('START_UNKNOWN')
  const { status, headers, body } = answer
  // Some statuses have none, not even an empty one (Fetch, 2.2.3).
  return new Response(body === '' ? null : body, { status, headers: headers.map(([...it]) => it) })
}

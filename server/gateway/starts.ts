import { DAY } from '../../src/lib/units.ts'
import { problem } from './problem.ts'

/** What came of sending a start. */
export interface Outcome {
  /** none: no task can have been started. known: the answer tells. unknown: nothing does. */
  readonly effect: 'none' | 'known' | 'unknown'
  /** A fresh copy of it. */
  readonly answer: () => Response
}

/**
 * Sends a start, unless one of the same id was sent before: then what came of that is the answer. `send`
 * calls `note` before it sends the last of it: a form without its end is none.
 */
export type Starts = (id: string, send: (note: () => void) => Promise<Outcome>) => Promise<Response>

/** Why the last of a start must not be sent. */
export class NotNoted extends Error {
  readonly answer: Response

  constructor(answer: Response) {
    super()
    this.answer = answer
  }
}

/** What came of a start; null: it was sent, and nothing else is known. */
export type KeptAnswer = {
  readonly status: number
  readonly headers: readonly [string, string][]
  readonly body: string
} | null

/** Keeps starts for a day from when they were noted last. */
export interface StartStore {
  /** Undefined for what is not kept. */
  readonly find: (id: string) => KeptAnswer | undefined
  /** As `find`; where nothing is kept, it is noted as sent. Throws if it cannot be. */
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

  const find = (id: string) => {
    const entry = entries.get(id)
    return entry !== undefined && now() < entry.at + KEPT_FOR ? entry.answer : undefined
  }

  function keep(id: string, answer: KeptAnswer): void {
    if (!entries.has(id)) makeRoom()
    entries.set(id, { answer, at: now() })
  }

  return {
    find,
    note(id) {
      const answer = find(id)
      if (answer !== undefined) return answer
      entries.delete(id)
      keep(id, null)
      return
    },
    keep,
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

  async function sent(id: string, work: Parameters<Starts>[1]): Promise<Outcome> {
    let isNoted = false
    try {
      const outcome = await work(() => {
        // By then another process may have sent it.
        const earlier = looked(() => store.note(id))
        if (earlier !== null) throw new NotNoted(earlier)
        isNoted = true
      })
      const answer = outcome.effect === 'known' ? await kept(outcome.answer()) : null
      if (outcome.effect !== 'none') keeping(() => store.keep(id, answer))
      else if (isNoted) keeping(() => store.forget(id))
      return outcome
    } catch (error) {
      if (isNoted) keeping(() => store.forget(id))
      throw error
    } finally {
      flights.delete(id)
    }
  }

  /** The answer to one that was sent before, or cannot be noted; null where it may be sent. */
  function looked(work: () => KeptAnswer | undefined): Response | null {
    try {
      const answer = work()
      return answer === undefined ? null : given(answer)
    } catch (error) {
      onFault(error)
      return problem('START_UNAVAILABLE')
    }
  }

  return async (id, work) => {
    for (;;) {
      const earlier = flights.get(id)
      if (earlier === undefined) {
        const answer = looked(() => store.find(id))
        if (answer !== null) return answer
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

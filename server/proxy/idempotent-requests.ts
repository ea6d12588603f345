import { STARTS_KEPT_MS } from '../../core/api/upload-limits.ts'
import { LruMap } from '../../core/lib/lru-map.ts'
import { problem } from '../http/problem.ts'

/** The outcome of sending a task start. */
export interface Outcome {
  /** none: no task can have been started. known: see the response. unknown: a task may have been started. */
  readonly effect: 'none' | 'known' | 'unknown'
  /** Returns a fresh copy of the response. */
  readonly response: () => Response
}

/**
 * Sends a start, unless one with the same ID was sent before: then returns that one's outcome. `send`
 * calls `record` before it sends the last bytes: a form without its end is invalid.
 */
export type IdempotentRequests = (
  id: string,
  send: (record: () => void) => Promise<Outcome>,
) => Promise<Response>

/** Thrown when the last bytes of a start must not be sent. */
export class NotRecorded extends Error {
  readonly response: Response

  constructor(response: Response) {
    super()
    this.response = response
  }
}

/** The stored response of a start; null: it was sent, and the outcome is unknown. */
export type StoredResponse = {
  readonly status: number
  readonly headers: readonly [string, string][]
  readonly body: string
} | null

/** Keeps starts for `STARTS_KEPT_MS` after they were last recorded. */
export interface RequestStore {
  /** Undefined if not stored. */
  readonly get: (id: string) => StoredResponse | undefined
  /** Like `get`, but records the start as sent if nothing is stored. Throws if that fails. */
  readonly record: (id: string) => StoredResponse | undefined
  readonly set: (id: string, response: StoredResponse) => void
  readonly delete: (id: string) => void
}

const MAX_STARTS = 5000

/** Beyond `most`, evicts the oldest starts early. */
export function createMemoryStore(now: () => number, most = MAX_STARTS): RequestStore {
  const entries = new LruMap<string, { readonly response: StoredResponse; readonly at: number }>(
    most,
  )
  const get = (id: string) => {
    const entry = entries.get(id)
    return entry !== undefined && now() < entry.at + STARTS_KEPT_MS ? entry.response : undefined
  }
  const set = (id: string, response: StoredResponse) =>
    void entries.set(id, { response, at: now() })
  return {
    get,
    record(id) {
      const response = get(id)
      if (response === undefined) set(id, null)
      return response
    },
    set,
    delete: (id) => void entries.delete(id),
  }
}

/** `onError` is called with the error when something can't be stored. */
export function createIdempotentRequests(
  store: RequestStore,
  onError: (error: unknown) => void,
): IdempotentRequests {
  /** Requests in progress. Kept even if the store fails. */
  const flights = new Map<string, Promise<Outcome>>()

  /** On a storage error the start stays recorded as sent, and the response is returned anyway. */
  function logErrors(work: () => void): void {
    try {
      work()
    } catch (error) {
      onError(error)
    }
  }

  async function sent(id: string, work: Parameters<IdempotentRequests>[1]): Promise<Outcome> {
    let isRecorded = false
    try {
      const outcome = await work(() => {
        // Another process may have sent it meanwhile.
        const earlier = earlierResponse(() => store.record(id))
        if (earlier !== null) throw new NotRecorded(earlier)
        isRecorded = true
      })
      const response = outcome.effect === 'known' ? await toStored(outcome.response()) : null
      if (outcome.effect !== 'none') logErrors(() => store.set(id, response))
      else if (isRecorded) logErrors(() => store.delete(id))
      return outcome
    } catch (error) {
      if (isRecorded) logErrors(() => store.delete(id))
      throw error
    } finally {
      flights.delete(id)
    }
  }

  /** The response if it was sent before or can't be recorded; null if it may be sent. */
  function earlierResponse(work: () => StoredResponse | undefined): Response | null {
    try {
      const response = work()
      return response === undefined ? null : toResponse(response)
    } catch (error) {
      onError(error)
      return problem('START_UNAVAILABLE')
    }
  }

  return async (id, work) => {
    for (;;) {
      const earlier = flights.get(id)
      if (earlier === undefined) {
        const response = earlierResponse(() => store.get(id))
        if (response !== null) return response
        const flight = sent(id, work)
        flights.set(id, flight)
        return (await flight).response()
      }
      const outcome = await earlier.catch(() => null)
      if (outcome?.effect === 'known') return outcome.response()
      if (outcome?.effect === 'unknown') return problem('START_UNKNOWN')
      // It had no effect, so this one may be sent, unless another was faster.
    }
  }
}

const toStored = async (response: Response): Promise<StoredResponse> => ({
  status: response.status,
  headers: [...response.headers],
  body: await response.text(),
})

function toResponse(response: StoredResponse): Response {
  if (response === null) return problem('START_UNKNOWN')
  const { status, headers, body } = response
  // Some statuses have no body, not even an empty one (Fetch, 2.2.3).
  return new Response(body === '' ? null : body, { status, headers: headers.map(([...it]) => it) })
}

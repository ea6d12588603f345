import type { ApiResponse } from '../../core/api/parse-response.ts'
import type { RecordedResponse } from '../../core/api/recording.ts'

const MAX_RESPONSES = 200
/** Maximum length of a task's responses as JSON, in characters. */
const MAX_TEXT = 2_000_000

/** Outcomes of this tab's requests by task, in memory only. */
export interface ResponseLog {
  readonly add: (taskId: string, response: RecordedResponse) => void
  /** The latest responses, oldest first; a new array after each change, and only then. */
  readonly of: (taskId: string) => readonly RecordedResponse[]
}

const NONE: readonly RecordedResponse[] = []

const lengthOf = (responses: readonly RecordedResponse[]) => JSON.stringify(responses).length

export function responseLog(): ResponseLog {
  const logs = new Map<string, readonly RecordedResponse[]>()
  const of = (taskId: string) => logs.get(taskId) ?? NONE
  return {
    of,
    add(taskId, response) {
      const all = [...of(taskId), response]
      // The newest always stays, even if it alone is too long.
      while (all.length > MAX_RESPONSES || (all.length > 1 && lengthOf(all) > MAX_TEXT)) all.shift()
      logs.set(taskId, all)
    },
  }
}

/** The response in the format of recordings. */
export function recordedResponse(
  { raw, result }: ApiResponse,
  askedAt: number,
  answeredAt: number,
): RecordedResponse {
  return raw === null
    ? { kind: 'silence', askedAt, answeredAt, why: result.error.kind }
    : { kind: 'reply', askedAt, answeredAt, reply: raw }
}

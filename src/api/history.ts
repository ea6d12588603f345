import { EMPTY_PAGE, HISTORY_PAGE, type HistoryPage, parseHistory } from '../../core/api/history.ts'
import { readProblem } from '../../core/api/response-body.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { postJson, type RequestError } from './post-json.ts'

/**
 * Gets a page of the tasks that were started with the key, from `offset` (epoch ms) on, null for the
 * newest. Deducts nothing, and counts towards a limit of its own. Never rejects.
 */
export async function getHistory(
  key: string,
  offset: number | null,
  signal: AbortSignal,
): Promise<Result<HistoryPage, RequestError>> {
  const data = { limit: HISTORY_PAGE, ...(offset === null ? {} : { timestampOffset: offset }) }
  const response = await postJson('/api/get-upscayl-history', key, { data }, signal)
  if (!response.ok) return response
  if (response.value === null) return ok(EMPTY_PAGE)
  const page = parseHistory(response.value)
  return page.ok
    ? page
    : err({ kind: 'upstream', message: readProblem(response.value, key).message })
}

import { probableEnd } from '../../core/api/file-links.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import {
  datingOf,
  EMPTY_RECORD,
  isDoubted,
  isRefused,
  isSettled,
  type TaskRecord,
} from '../../core/record/task-record.ts'

/* The status cache's data about one task. All pure. */

/** A response as it is stored. */
export interface CachedResponse {
  readonly status: number
  readonly contentType: string | null
  /** Time of creation, as an HTTP date. */
  readonly date: string
  /** Without the key. */
  readonly body: string
  /** Time of receipt (epoch ms), unique among the responses for this task. */
  readonly at: number
}

export interface CachedStatus {
  readonly record: TaskRecord
  readonly requestedAt: number
  /** The response to the last request. */
  readonly lastResponse: CachedResponse | null
  /** The last response that described the task. */
  readonly lastSuccess: CachedResponse | null
}

/** Storage that outlives a status cache. */
export interface TaskStore {
  readonly get: (taskId: TaskId) => CachedStatus | null
  readonly set: (taskId: TaskId, status: CachedStatus) => void
}

export const EMPTY_STATUS: CachedStatus = {
  record: EMPTY_RECORD,
  requestedAt: 0,
  lastResponse: null,
  lastSuccess: null,
}

/** A record with all of its observations. */
const RECORD_BYTES = 8 * 1024

/** Approximate size in bytes. */
export function sizeInBytes({ lastResponse, lastSuccess }: CachedStatus): number {
  return [...new Set([lastResponse, lastSuccess])].reduce((sum, cached) => {
    const { body = '', date = '', contentType = null } = cached ?? {}
    return sum + 2 * (body.length + date.length + (contentType?.length ?? 0))
  }, RECORD_BYTES)
}

/** The response to return from the cache. `joined`: the client waited for the last response. */
export function responseFor(
  { record, lastResponse, lastSuccess }: CachedStatus,
  joined: boolean,
): CachedResponse | null {
  const { failure } = record
  if (failure === null || isRefused(record)) return lastResponse
  const passes = failure.error.kind === 'limited' || isDoubted(record)
  const keepsResult = passes || (!joined && isSettled(record))
  return keepsResult ? (lastSuccess ?? lastResponse) : lastResponse
}

/** Probable time at which the task's first link expires (epoch ms); null if unknown. */
export function firstExpiry(record: TaskRecord): number | null {
  const dating = datingOf(record)
  const expiries = (record.task?.files ?? []).flatMap((file) => probableEnd(file, dating) ?? [])
  return expiries.length === 0 ? null : Math.min(...expiries)
}

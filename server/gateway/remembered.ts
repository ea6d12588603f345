import {
  datingOf,
  isDoubted,
  isRefused,
  isSettled,
  type TaskRecord,
  UNASKED,
} from '../../src/polling/task-record.ts'
import { probableEnd } from '../../src/upscayl/link-end.ts'
import type { TaskId } from '../../src/upscayl/task-id.ts'

/* What a coordinator remembers of one task. All pure. */

/** An answer as it is given again. */
export interface KeptAnswer {
  readonly status: number
  readonly contentType: string | null
  /** When it was made, as an HTTP date. */
  readonly date: string
  /** Without the key. */
  readonly body: string
  /** When it came (epoch ms). No other answer about this task came then. */
  readonly at: number
}

export interface Remembered {
  readonly record: TaskRecord
  readonly wantedAt: number
  /** To the last question. */
  readonly last: KeptAnswer | null
  /** The last one that told of the task. */
  readonly told: KeptAnswer | null
}

/** Where it is kept for a coordinator that comes after this one. */
export interface TaskStore {
  readonly find: (taskId: TaskId) => Remembered | null
  readonly keep: (taskId: TaskId, remembered: Remembered) => void
}

export const NOTHING: Remembered = { record: UNASKED, wantedAt: 0, last: null, told: null }

/** A record with all of its observations. */
const RECORD_BYTES = 8 * 1024

/** In bytes, roughly. */
export function weightOf({ last, told }: Remembered): number {
  return [...new Set([last, told])].reduce((sum, kept) => {
    const { body = '', date = '', contentType = null } = kept ?? {}
    return sum + 2 * (body.length + date.length + (contentType?.length ?? 0))
  }, RECORD_BYTES)
}

/** What is given again of it. `joined`: to who waited for the last answer. */
export function answerOf({ record, last, told }: Remembered, joined: boolean): KeptAnswer | null {
  const { failure } = record
  if (failure === null || isRefused(record)) return last
  const passes = failure.error.kind === 'limited' || isDoubted(record)
  const holds = passes || (!joined && isSettled(record))
  return holds ? (told ?? last) : last
}

/** When the first link of the task probably ends (epoch ms); null where none tells it. */
export function firstExpiry(record: TaskRecord): number | null {
  const dating = datingOf(record)
  const ends = (record.task?.files ?? []).flatMap((file) => probableEnd(file, dating) ?? [])
  return ends.length === 0 ? null : Math.min(...ends)
}

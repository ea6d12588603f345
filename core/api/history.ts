import * as v from 'valibot'
import { err, ok, type Result } from '../lib/result.ts'
import { isErrorEnvelope } from './response-body.ts'
import type { Task } from './task.ts'
import { asTaskId, type TaskId, taskIdSchema } from './task-id.ts'
import { count, flag, instant, lenient, parseTask } from './wire.ts'

/*
 * Parser for responses of `POST /get-upscayl-history`, which the API once described and then dropped, so
 * it may not exist, and may look different by now.
 */

/** Tasks per page: the most that the API allows. */
export const HISTORY_PAGE = 100

/** A task that was started with the key, with whatever else the response has about it. */
export interface HistoryTask {
  readonly id: TaskId
  /** Epoch milliseconds; null if not reported. */
  readonly createdAt: number | null
  /** Its state, read as in a status response; null if the item has none. */
  readonly task: Task | null
}

export interface HistoryPage {
  /** Newest first. */
  readonly tasks: readonly HistoryTask[]
  /** Items without a usable ID. */
  readonly unread: number
  /** Number of all tasks; null if not reported. */
  readonly total: number | null
  /** `timestampOffset` of the next page; null if this is the last one. */
  readonly next: number | null
}

export const EMPTY_PAGE: HistoryPage = { tasks: [], unread: 0, total: null, next: null }

const pagination = v.object({
  total: lenient(count),
  hasMore: lenient(flag),
  nextOffset: lenient(count),
})
const items = v.array(v.unknown())
const response = v.union([
  v.object({ data: items, pagination: lenient(pagination) }),
  v.pipe(
    v.object({ data: v.object({ tasks: items, pagination: lenient(pagination) }) }),
    v.transform(({ data: { tasks, ...rest } }) => ({ data: tasks, ...rest })),
  ),
])
const id = v.union([
  taskIdSchema,
  v.pipe(v.number(), v.safeInteger(), v.transform(String), v.transform(asTaskId)),
])
const item = v.object({
  taskId: lenient(id),
  id: lenient(id),
  createdAt: lenient(instant),
})

/** Parses the JSON body of a 200 response. Never throws. */
export function parseHistory(json: unknown): Result<HistoryPage, 'not-a-history'> {
  const parsed = v.safeParse(response, json)
  if (!parsed.success || isErrorEnvelope(json ?? {})) return err('not-a-history')
  const { data, pagination: pages } = parsed.output
  const tasks = data.flatMap((one) => toHistoryTask(one) ?? [])
  return ok({
    tasks,
    unread: data.length - tasks.length,
    total: pages?.total ?? null,
    next:
      (pages?.hasMore ?? data.length >= HISTORY_PAGE) ? (pages?.nextOffset ?? oldest(tasks)) : null,
  })
}

function toHistoryTask(json: unknown): HistoryTask | null {
  const parsed = v.safeParse(item, json)
  if (!parsed.success) return null
  const { taskId, id, createdAt } = parsed.output
  const known = taskId ?? id
  if (known === null) return null
  const task = parseTask({ status: 'success', data: json })
  return { id: known, createdAt, task: task.ok ? task.value : null }
}

/** Where the next page begins, if the response doesn't say. */
const oldest = (tasks: readonly HistoryTask[]): number | null => {
  const times = tasks.flatMap(({ createdAt }) => createdAt ?? [])
  return times.length === 0 ? null : Math.min(...times)
}

import type { ParsedResponse } from '../../core/api/parse-response.ts'
import { acquire, applyRateLimit, fullQuota, type Quota } from '../../core/quota/quota.ts'
import { recordResponse } from '../../core/record/record-response.ts'
import {
  EMPTY_RECORD,
  isRefused,
  type TaskRecord,
  watchedTask,
} from '../../core/record/task-record.ts'
import { plan } from '../../core/schedule/schedule.ts'
import type { FollowedTask } from '../tasks/use-task.ts'

/** A request with its response. Times: epoch milliseconds. */
export interface Received {
  readonly requestedAt: number
  readonly receivedAt: number
  readonly response: ParsedResponse
}

const noop = () => {}
const none = () => []
const ANY_ID = 'task'

/**
 * State of a page at `at` after these requests: record, quota and schedule come from the same pure
 * functions as in the dashboard. `responses` are in order of time.
 */
export function followingAt(responses: readonly Received[], at: number): FollowedTask {
  let record: TaskRecord = EMPTY_RECORD
  let quota: Quota = fullQuota()
  let fetching = false
  for (const { requestedAt, receivedAt, response } of responses) {
    if (requestedAt > at) break
    ;[quota] = acquire(quota, requestedAt)
    fetching = receivedAt > at
    if (fetching) break
    record = recordResponse(record, response, requestedAt, receivedAt)
    quota = applyRateLimit(quota, response, receivedAt)
  }
  const tasks = isRefused(record) ? [] : [watchedTask(ANY_ID, record, fetching)]
  return {
    record,
    quota: quota,
    fetching,
    next: plan({ now: at, visible: true, tasks, quota }).get(ANY_ID) ?? null,
    offline: false,
    paused: false,
    serverManaged: false,
    role: 'leader',
    checkNow: noop,
    refetch: async () => record,
    responses: none,
    setPaused: noop,
    setLimit: noop,
  }
}

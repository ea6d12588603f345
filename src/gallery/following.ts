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
export interface Answered {
  readonly askedAt: number
  readonly answeredAt: number
  readonly answer: ParsedResponse
}

const noop = () => {}
const none = () => []
const ANY_ID = 'task'

/**
 * State of a page at `at` after these requests: record, quota and schedule come from the same pure
 * functions as in the dashboard. `answers` are in order of time.
 */
export function followingAt(answers: readonly Answered[], at: number): FollowedTask {
  let record: TaskRecord = EMPTY_RECORD
  let quota: Quota = fullQuota()
  let fetching = false
  for (const { askedAt, answeredAt, answer } of answers) {
    if (askedAt > at) break
    ;[quota] = acquire(quota, askedAt)
    fetching = answeredAt > at
    if (fetching) break
    record = recordResponse(record, answer, askedAt, answeredAt)
    quota = applyRateLimit(quota, answer, answeredAt)
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

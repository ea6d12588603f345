import { type Allowance, fullAllowance, heed, take } from '../../polling/budget.ts'
import { plan } from '../../polling/policy.ts'
import {
  isRefused,
  recordAnswer,
  type TaskRecord,
  UNASKED,
  watchedTask,
} from '../../polling/task-record.ts'
import type { Following } from '../../polling/use-task-status.ts'
import type { Understood } from '../../upscayl/read-answer.ts'

/** A question with its answer. Times: epoch milliseconds. */
export interface Answered {
  readonly askedAt: number
  readonly answeredAt: number
  readonly answer: Understood
}

const nothing = () => {}
const none = () => []
const ANY_ID = 'task'

/**
 * What a page had to draw at `at`, had it asked these questions: record, allowance and plan come of
 * the same pure functions as in the dashboard. `answers` are in the order of time.
 */
export function followingAt(answers: readonly Answered[], at: number): Following {
  let record: TaskRecord = UNASKED
  let allowance: Allowance = fullAllowance()
  let asking = false
  for (const { askedAt, answeredAt, answer } of answers) {
    if (askedAt > at) break
    ;[allowance] = take(allowance, askedAt)
    asking = answeredAt > at
    if (asking) break
    record = recordAnswer(record, answer, askedAt, answeredAt)
    allowance = heed(allowance, answer, answeredAt)
  }
  const tasks = isRefused(record) ? [] : [watchedTask(ANY_ID, record, asking)]
  return {
    record,
    allowance,
    asking,
    next: plan({ now: at, visible: true, tasks, allowance }).get(ANY_ID) ?? null,
    offline: false,
    paused: false,
    counted: false,
    role: 'asking',
    askNow: nothing,
    renew: async () => record,
    answers: none,
    setPaused: nothing,
    setLimit: nothing,
  }
}

import { now } from '../lib/clock.ts'
import type { ApiKey } from '../session/api-key.ts'
import { getTaskStatus } from '../upscayl/client.ts'
import type { Answer } from '../upscayl/read-answer.ts'
import type { RecordedAnswer } from '../upscayl/recording.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import type { AnswerLog } from './answer-log.ts'
import { conclude, goAhead, take } from './budget.ts'
import type { Heard } from './heard.ts'
import type { Memory } from './memory.ts'
import type { SharedState } from './shared-state.ts'
import type { Tabs } from './tabs.ts'
import { isAwaited, recordAnswer, type TaskRecord, UNASKED } from './task-record.ts'

interface Question {
  readonly key: ApiKey
  readonly taskId: TaskId
  readonly shared: SharedState
  readonly tabs: Tabs
  readonly log: AnswerLog
  readonly memory: Memory
  readonly heard: Heard
  /** A person's, for an answer that was not given before. */
  readonly wish: boolean
  /** The task's record at the time of the call. */
  readonly recordOf: () => TaskRecord
}

/**
 * One question, if it may be asked: not while any tab has one under way for this task, not where
 * another tab has just asked it, not beyond the allowance. The record stays as it is then.
 */
export function askOnce({
  key,
  taskId,
  shared,
  tabs,
  log,
  memory,
  heard,
  wish,
  recordOf,
}: Question): Promise<TaskRecord> {
  const wanted = recordOf().questions
  return tabs.exclusively(`task:${taskId}`, async () => {
    const sentAt = now()
    if (recordOf().questions !== wanted || !takeOne(shared, sentAt, wish, recordOf()))
      return recordOf()
    const { failures } = recordOf()
    const first = recordOf().seenAt === null
    // Beside the question, so that remembering keeps nobody waiting.
    const recalled = recordOf() === UNASKED ? memory.recall(taskId).catch(() => null) : null
    // The server was not told of the start, and would take a first refusal for the last word.
    const answer = await getTaskStatus(key, taskId, wish || isAwaited(recordOf()))
    const { given, result } = answer
    const cameAt = now()
    shared.change((all) => ({
      ...all,
      allowance: conclude(all.allowance, answer, { taskId, failures, sentAt }, cameAt),
      counted: given !== null || (all.counted && !result.ok),
    }))
    const again = given && heard.get(taskId)?.at === given.at
    if (given) heard.set(taskId, { at: given.at, until: cameAt + (given.next ?? 0) })
    else heard.delete(taskId)
    if (again && !recordOf().recalled) return recordOf()
    // It may have come here long before it came to this tab.
    const answeredAt = cameAt - (given?.age ?? 0)
    const askedAt = Math.min(sentAt, answeredAt)
    log.add(taskId, recorded(answer, askedAt, answeredAt))
    const known = await recalled
    const before = recordOf() === UNASKED ? (known ?? UNASKED) : recordOf()
    const after = recordAnswer(before, answer, askedAt, answeredAt)
    if (isAwaited(after)) heard.delete(taskId)
    tabs.post({ type: 'record', id: taskId, record: after })
    memory.remember(taskId, after, first)
    return after
  })
}

function recorded({ reply, result }: Answer, askedAt: number, answeredAt: number): RecordedAnswer {
  return reply === null
    ? { kind: 'silence', askedAt, answeredAt, why: result.error.kind }
    : { kind: 'reply', askedAt, answeredAt, reply }
}

/** Logs the question before it is sent, so that a crash cannot lose it. */
function takeOne(shared: SharedState, at: number, wish: boolean, record: TaskRecord): boolean {
  const { counted, allowance } = shared.get()
  // The server knows what it was told of the task, and does not ask for it if the API is down.
  if (counted && (allowance.outage === null || record === UNASKED)) return true
  let wait = 0
  shared.change((all) => {
    const [allowance, ms] = (counted ? goAhead : take)(all.allowance, at, wish)
    wait = ms
    return { ...all, allowance }
  })
  return wait === 0
}

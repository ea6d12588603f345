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
  /** Takes a record in that came after the answer was given. */
  readonly show: (record: TaskRecord) => void
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
  show,
}: Question): Promise<TaskRecord> {
  const wanted = recordOf().questions
  return tabs.exclusively(`task:${taskId}`, async () => {
    const sentAt = now()
    if (recordOf().questions !== wanted || !takeOne(shared, sentAt, wish, recordOf()))
      return recordOf()
    const { failures } = recordOf()
    const first = recordOf().seenAt === null
    // Beside the question, so that remembering keeps nobody waiting.
    const recalled = recordOf() === UNASKED ? recall(memory, taskId) : null
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
    const recordAfter = (before: TaskRecord) => recordAnswer(before, answer, askedAt, answeredAt)
    const tell = (record: TaskRecord) => {
      if (isAwaited(record)) heard.delete(taskId)
      tabs.post({ type: 'record', id: taskId, record })
      memory.remember(taskId, record, first)
    }
    const after = recordAfter(recordOf() === UNASKED ? (recalled?.now() ?? UNASKED) : recordOf())
    tell(after)
    // The answer is shown by then: a browser may never say what it remembers.
    void recalled?.later.then((known) => {
      if (known === null || recordOf().questions !== after.questions) return
      // What is remembered may be this very answer already.
      if (known.askedAt !== null && known.askedAt >= askedAt) return
      const full = recordAfter(known)
      if (full.questions <= after.questions) return
      show(full)
      tell(full)
    })
    return after
  })
}

/** What is remembered of a task, if it is there by now, and when it comes. */
function recall(memory: Memory, taskId: TaskId) {
  let known: TaskRecord | null = null
  const later = memory.recall(taskId).then(
    (record) => {
      known = record
      return record
    },
    () => null,
  )
  return { later, now: (): TaskRecord | null => known }
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

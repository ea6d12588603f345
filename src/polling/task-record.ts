import type { Answer } from '../upscayl/client.ts'
import type { ApiError } from '../upscayl/errors.ts'
import { isSettled, isTerminal, type Task } from '../upscayl/task.ts'

/** All that this tab knows of one task: what was seen last, and how the asking went. Times: epoch ms. */
export interface TaskRecord {
  /** As last seen. It stays while later questions fail. */
  readonly task: Task | null
  readonly firstAskedAt: number
  /** When the answer that `task` comes from arrived. */
  readonly seenAt: number | null
  /** When the last question was over, answered or not. */
  readonly askedAt: number
  /** Questions so far, failed ones included. */
  readonly questions: number
  /** The last question's error, null if it was answered. */
  readonly error: ApiError | null
  /** Failed questions in a row. */
  readonly failures: number
  /** The API asked for no question before this instant. */
  readonly notBefore: number | null
  /** Answers after the end that left the credits unconfirmed. */
  readonly unconfirmed: number
  /** At which question the deduction was first seen; null while it was not. */
  readonly deductedAtQuestion: number | null
  /** A higher number than the present one was reported before; null while progress only rises. */
  readonly wentBackFrom: number | null
  /** The end was seen while watching, so `seenAt` of that answer is close to it. */
  readonly endSeenAt: number | null
}

/** The record after one more answer. Pure. */
export function recordAnswer(
  before: TaskRecord | undefined,
  answer: Answer,
  askedAt: number,
  answeredAt: number,
): TaskRecord {
  const questions = (before?.questions ?? 0) + 1
  const firstAskedAt = before?.firstAskedAt ?? askedAt
  if (!answer.result.ok) {
    return {
      task: null,
      seenAt: null,
      unconfirmed: 0,
      deductedAtQuestion: null,
      wentBackFrom: null,
      endSeenAt: null,
      ...before,
      firstAskedAt,
      askedAt: answeredAt,
      questions,
      error: answer.result.error,
      failures: (before?.failures ?? 0) + 1,
      notBefore: answer.notBefore,
    }
  }
  const task = answer.result.value
  const ended = isTerminal(task)
  const wasRunning = before?.task != null && !isTerminal(before.task)
  return {
    task,
    firstAskedAt,
    seenAt: answeredAt,
    askedAt: answeredAt,
    questions,
    error: null,
    failures: 0,
    notBefore: answer.notBefore,
    unconfirmed: ended && !isSettled(task) ? (before?.unconfirmed ?? 0) + 1 : 0,
    deductedAtQuestion:
      before?.deductedAtQuestion ?? (task.credits.state === 'deducted' ? questions : null),
    wentBackFrom: peakAbove(task, before),
    endSeenAt: before?.endSeenAt ?? (ended && wasRunning ? answeredAt : null),
  }
}

function peakAbove(task: Task, before: TaskRecord | undefined): number | null {
  const peak = Math.max(before?.wentBackFrom ?? 0, before?.task?.progress ?? 0)
  return !isTerminal(task) && task.progress !== null && task.progress < peak ? peak : null
}

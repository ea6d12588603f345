import type { Result } from '../../src/lib/result.ts'
import type { Log } from '../log.ts'
import type { Upstream } from '../upstream.ts'
import { type AskFailure, ask, type Question, within } from './ask.ts'
import type { Wanted } from './coordinator.ts'
import { problem } from './problem.ts'

export interface QuestionOptions {
  readonly upstream: Upstream
  readonly timeoutMs: number
  readonly log?: Log
}

export const STATUS_PATH = '/get-task-status'
const MAX_ANSWER_BYTES = 4 * 1024 * 1024

/** Puts one question, once. What comes of it is an answer in any case, and is logged if it is a fault. */
export async function putQuestion(
  { upstream, timeoutMs, log }: QuestionOptions,
  question: Question,
): Promise<Response> {
  const startedAt = performance.now()
  const limits = { deadline: within(timeoutMs), maxAnswerBytes: MAX_ANSWER_BYTES }
  const asked = await ask(upstream, question, limits)
  const timeout = `It had ${timeoutMs / 1000} s, and may have taken the question all the same.`
  const answer = asked.ok ? asked.value : failureResponse(asked.error, timeout)
  logFailure(log, { question, asked, answer, startedAt })
  return answer
}

interface Asking {
  readonly question: Question
  readonly asked: Result<Response, AskFailure>
  /** What the browser is told. */
  readonly answer: Response
  /** By performance.now(). */
  readonly startedAt: number
}

export function logFailure(
  log: Log | undefined,
  { question, asked, answer, startedAt }: Asking,
): void {
  if (answer.status < 500) return
  const { requestId } = question
  const code = asked.ok || asked.error.kind !== 'unreachable' ? null : asked.error.code
  log?.({
    event: 'upstream-failure',
    ...(requestId === null ? {} : { id: requestId }),
    method: question.method,
    path: question.url.pathname,
    status: answer.status,
    ms: Math.round(performance.now() - startedAt),
    ...(code === null ? {} : { code }),
  })
}

/** How a task stands. The sandbox makes its links from `origin`; a remote API ignores it. */
export const statusQuestion = ({ key, taskId, origin, requestId }: Wanted): Question => ({
  requestId,
  url: new URL(STATUS_PATH, origin),
  method: 'POST',
  headers: new Headers({ 'Content-Type': 'application/json', 'X-API-Key': key }),
  body: new TextEncoder().encode(JSON.stringify({ data: { taskId } })),
})

/** `timeout` says what a timeout means. */
export function failureResponse(failure: AskFailure, timeout: string): Response {
  switch (failure.kind) {
    case 'timeout':
      return problem('UPSTREAM_TIMEOUT', {}, timeout)
    case 'unreachable':
      return problem('UPSTREAM_UNREACHABLE', {}, '', failure.unsent ? { sent: false } : {})
    case 'unusable':
      return problem('UPSTREAM_UNUSABLE')
  }
}

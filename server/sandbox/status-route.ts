import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as v from 'valibot'
import { MAX_TASK_ID_LENGTH } from '../../src/upscayl/task-id.ts'
import type { Links } from './links.ts'
import { createRateLimit, type RateLimitOptions, tooManyRequests } from './rate-limit.ts'
import type { Shelf } from './recordings.ts'
import type { RequestCounter } from './request-counter.ts'
import { createSentinels } from './sentinels.ts'
import { statusData } from './status-answer.ts'
import type { Account, Accounts } from './store/accounts.ts'
import { hasEnded, type StoredTask, type Tasks } from './store/tasks.ts'

export interface StatusRouteOptions {
  readonly accounts: Accounts
  readonly tasks: Tasks
  readonly links: Links
  readonly counter: RequestCounter
  readonly recordings: Shelf
  /** Resolves when every task outside the queue has ended. */
  readonly finishUnpaced: () => Promise<void>
  readonly now: () => number
  /** Where links lead; null for where the question came to. */
  readonly origin: string | null
  /** Aborted when the sandbox closes: whoever still waits is answered then. */
  readonly closing: AbortSignal
  readonly rateLimit: RateLimitOptions | undefined
}

const MAX_BODY_BYTES = 64 * 1024

const question = v.object({ data: v.object({ taskId: v.pipe(v.string(), v.nonEmpty()) }) })

/** Errors 400 and 500 of the API are a bare JSON string. */
const badRequest = (text: string) => Response.json(`Bad Request: ${text}`, { status: 400 })

/** `POST /get-task-status`. */
export function statusRoute(options: StatusRouteOptions): Hono {
  const { accounts, tasks, links, counter, recordings, finishUnpaced, now, closing, rateLimit } =
    options
  const sentinel = createSentinels()
  const wait = rateLimit ? createRateLimit(rateLimit, now) : () => 0

  const answer = async (account: Account, taskId: string, origin: string): Promise<Response> => {
    const found = tasks.byId(taskId)
    if (found?.accountId !== account.id) {
      return Response.json(
        { error: 'NOT_FOUND', message: 'No task with this id.' },
        { status: 404 },
      )
    }
    counter.countTask(taskId)
    const task = await ended(found)
    // The first look at a processed task deducts its credits.
    const charged = task.status === 'PROCESSED' && accounts.charge(task.id, now())
    const standing = { task, files: tasks.filesOf(task.id), work: tasks.work(task.id), charged }
    return Response.json({ status: 'success', data: statusData(standing, links, origin) })
  }

  /** A task that is shown as one that ended long ago has to: at the first start it is still at work. */
  const ended = async (task: StoredTask): Promise<StoredTask> => {
    if (task.paced === 1 || hasEnded(task)) return task
    await finishUnpaced()
    return tasks.byId(task.id) ?? task
  }

  return new Hono().post(
    '/get-task-status',
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => badRequest('the body is larger than 64 KiB'),
    }),
    async (c) => {
      counter.count()
      const account = accounts.byKey(c.req.header('x-api-key') ?? '')
      if (account === undefined) return badRequest('Missing User ID')

      const waitMs = wait(account.apiKey)
      if (waitMs > 0) return tooManyRequests(waitMs, rateLimit?.retryAfter ?? false)

      const body = v.safeParse(question, await c.req.json().catch(() => undefined))
      if (!body.success) return badRequest('the body has to be {"data":{"taskId":"…"}}')

      const { taskId } = body.output.data
      // What is counted is kept by its id.
      if (taskId.length > MAX_TASK_ID_LENGTH) {
        return badRequest(`a taskId has at most ${MAX_TASK_ID_LENGTH} characters`)
      }
      const origin = options.origin ?? new URL(c.req.url).origin
      const reply =
        sentinel(taskId, { now: now(), origin, signal: closing }) ??
        recordings.answer(taskId, origin)
      // Now and not after the answer: a question that is under way has been asked.
      if (reply !== null) counter.countTask(taskId)
      return reply ?? answer(account, taskId, origin)
    },
  )
}

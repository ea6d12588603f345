import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as v from 'valibot'
import type { Links } from './links.ts'
import { createRateLimit, type RateLimitOptions, tooManyRequests } from './rate-limit.ts'
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
  /** Resolves when every task outside the queue has ended. */
  readonly finishUnpaced: () => Promise<void>
  readonly now: () => number
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
  const { accounts, tasks, links, counter, finishUnpaced, now, closing, rateLimit } = options
  const sentinel = createSentinels()
  const wait = rateLimit ? createRateLimit(rateLimit, now) : () => 0

  const answer = async (account: Account, taskId: string, origin: string): Promise<Response> => {
    const task = await find(account, taskId)
    if (task === undefined) {
      return Response.json(
        { error: 'NOT_FOUND', message: 'No task with this id.' },
        { status: 404 },
      )
    }
    // The first look at a processed task deducts its credits.
    const charged = task.status === 'PROCESSED' && accounts.charge(task.id, now())
    const standing = { task, files: tasks.filesOf(task.id), work: tasks.work(task.id), charged }
    return Response.json({ status: 'success', data: statusData(standing, links, origin) })
  }

  const find = async (account: Account, taskId: string): Promise<StoredTask | undefined> => {
    const task = tasks.byId(taskId)
    if (task?.accountId !== account.id) return undefined
    if (task.paced === 1 || hasEnded(task)) return task
    // It is shown as one that ended long ago, so it has to: this is the first start.
    await finishUnpaced()
    return tasks.byId(taskId)
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
      const { origin } = new URL(c.req.url)
      const reply = sentinel(taskId, { now: now(), origin, signal: closing })
      const response = await (reply ?? answer(account, taskId, origin))
      if (response.status !== 404 || reply !== null) counter.countTask(taskId)
      return response
    },
  )
}

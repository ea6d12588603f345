import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as v from 'valibot'
import { MAX_TASK_ID_LENGTH } from '../../core/api/task-id.ts'
import { isDemoName, timesOf } from './demos.ts'
import { createSentinels } from './sentinels.ts'
import type { Services } from './services.ts'
import { statusData } from './status-data.ts'
import type { Account } from './store/accounts.ts'
import { hasEnded, type StoredTask } from './store/tasks.ts'

const MAX_BODY_BYTES = 64 * 1024

const requestSchema = v.object({ data: v.object({ taskId: v.pipe(v.string(), v.nonEmpty()) }) })

/** Errors 400 and 500 of the API are a bare JSON string. */
const badRequest = (text: string) => Response.json(`Bad Request: ${text}`, { status: 400 })

/** `POST /get-task-status`. */
export function statusRoute(services: Services): Hono {
  const { accounts, tasks, links, counter, recordings, worker, now, closing } = services
  const sentinel = createSentinels()

  const respond = async (account: Account, taskId: string, origin: string): Promise<Response> => {
    const found = tasks.byId(taskId)
    if (found?.accountId !== account.id) {
      return Response.json(
        { error: 'NOT_FOUND', message: 'No task with this ID.' },
        { status: 404 },
      )
    }
    counter.countTask(taskId)
    const task = await finished(begun(found))
    // The first check of a processed task deducts its credits.
    const charged = task.status === 'PROCESSED' && accounts.charge(task.id, now())
    const standing = { task, files: tasks.filesOf(task.id), work: tasks.work(task.id), charged }
    return Response.json({ status: 'success', data: statusData(standing, links, origin) })
  }

  /** Starts the clock of a demo nobody has checked before, so that its first viewer sees it begin. */
  const begun = (task: StoredTask): StoredTask => {
    if (task.held === 0 || !isDemoName(task.demo)) return task
    const { createdAt, expiresAt } = timesOf(task.demo, now())
    if (tasks.release(task.id, createdAt, expiresAt)) worker.wake()
    return tasks.byId(task.id) ?? task
  }

  /** Finishes a demo task that should have finished long ago: at the first start it is still running. */
  const finished = async (task: StoredTask): Promise<StoredTask> => {
    if (task.paced === 1 || hasEnded(task)) return task
    await worker.finishUnpaced()
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

      const body = v.safeParse(requestSchema, await c.req.json().catch(() => undefined))
      if (!body.success) return badRequest('the body must be {"data":{"taskId":"…"}}')

      const { taskId } = body.output.data
      // The counters store the ID.
      if (taskId.length > MAX_TASK_ID_LENGTH) {
        return badRequest(`a taskId has at most ${MAX_TASK_ID_LENGTH} characters`)
      }
      const origin = services.origin ?? new URL(c.req.url).origin
      const reply =
        sentinel(taskId, { now: now(), origin, signal: closing }) ??
        recordings.responseFor(taskId, origin)
      // Now and not after the response, so that a request in progress counts.
      if (reply !== null) counter.countTask(taskId)
      return reply ?? respond(account, taskId, origin)
    },
  )
}

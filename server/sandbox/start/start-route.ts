import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'
import { MAX_FORM_BYTES } from '../../../core/api/upload-limits.ts'
import { err, type Result } from '../../../core/lib/result.ts'
import { MINUTE } from '../../../core/lib/units.ts'
import { KEY_RULE, readIdempotencyKey } from '../../http/idempotency-key.ts'
import { createLimitedBody } from '../../http/limited-body.ts'
import { createRateLimit, tooManyRequests } from '../rate-limit.ts'
import type { Services } from '../services.ts'
import type { StartedTask } from '../store/tasks.ts'
import { readCreateTaskInput } from './create-task-input.ts'
import { FILE_TOO_LARGE, readForm } from './form.ts'
import { badRequest, closes, type Refusal, refused } from './refusal.ts'
import { type Caller, startTask } from './start-task.ts'

/** As documented. */
const STARTS_PER_HOUR = 50

/** Idle timeout of an upload. */
const IDLE_MS = MINUTE

/** `POST /start-task`. */
export function startRoute(services: Services): Hono {
  const { accounts, paths, worker, now, closing } = services
  const wait = createRateLimit(STARTS_PER_HOUR, now)

  const createTask = async (
    body: AsyncIterable<Uint8Array>,
    contentType: string,
    caller: Omit<Caller, 'folder'>,
  ): Promise<Result<StartedTask, Refusal>> => {
    const folder = join(paths.uploads, String(process.pid), randomUUID())
    await mkdir(folder, { recursive: true })
    try {
      const form = await readForm(body, contentType, join(folder, 'file'))
      if (closing.aborted) return err(closes('The sandbox is closing.'))
      const input = form.ok ? readCreateTaskInput(form.value) : form
      return input.ok ? await startTask(services, { ...caller, folder }, input.value) : input
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  const respond = async (request: Request, body: AsyncIterable<Uint8Array>): Promise<Response> => {
    const { headers, url } = request
    const account = accounts.byKey(headers.get('x-api-key') ?? '')
    if (account === undefined) return Response.json('Bad Request: Missing User', { status: 400 })
    const waitMs = wait(account.apiKey)
    if (waitMs > 0) return tooManyRequests(waitMs)
    const idempotencyKey = readIdempotencyKey(headers)
    if (idempotencyKey?.usable === false) return refused(badRequest(KEY_RULE))
    if (Number(headers.get('content-length') ?? 0) > MAX_FORM_BYTES) return refused(FILE_TOO_LARGE)

    const origin = services.origin ?? new URL(url).origin
    const caller = { account, key: idempotencyKey?.key ?? null, origin }
    const started = await createTask(body, headers.get('content-type') ?? '', caller)
    if (!started.ok) return refused(started.error)
    worker.wake()
    const { id, price } = started.value
    const data = { message: 'Task request sent successfully', taskId: id, creditsToDeduct: price }
    return Response.json({ status: 'success', data }, { headers: { 'x-task-cost': String(price) } })
  }

  const route = new Hono().post('/start-task', async (c) => {
    const limited = createLimitedBody(c.req.raw.body, {
      ...{ maxBytes: MAX_FORM_BYTES, idleMs: IDLE_MS, stop: closing },
    })
    const response = await respond(c.req.raw, limited.chunks)
    await limited.drain()
    return response
  })
  route.onError((error) => {
    process.emitWarning(error)
    return Response.json('Error processing request', { status: 500 })
  })
  return route
}

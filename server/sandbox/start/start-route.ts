import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Hono } from 'hono'
import { err, type Result } from '../../../src/lib/result.ts'
import { MINUTE } from '../../../src/lib/units.ts'
import { MOST_FORM_BYTES } from '../../../src/upscayl/start-limits.ts'
import { KEY_RULE, readIdempotencyKey } from '../../idempotency-key.ts'
import { createIntake } from '../../intake.ts'
import { createRateLimit, type RateLimitOptions, tooManyRequests } from '../rate-limit.ts'
import type { StartedTask } from '../store/tasks.ts'
import { FILE_TOO_LARGE, readForm } from './form.ts'
import { readOrder } from './order.ts'
import { badRequest, closes, type Refusal, refused } from './refusal.ts'
import { type Customer, type Shop, startTask } from './start-task.ts'

export interface StartRouteOptions extends Shop {
  /** A task is in the queue. */
  readonly wake: () => void
  /** Where links lead; null for where the request came to. */
  readonly origin: string | null
  /** Aborted when the sandbox closes: what still comes in then is no task any more. */
  readonly closing: AbortSignal
  /** Null: no limit. */
  readonly rateLimit: RateLimitOptions | null
}

/** How long an upload may stand still. */
const IDLE_MS = MINUTE

/** `POST /start-task`. */
export function startRoute(options: StartRouteOptions): Hono {
  const { accounts, paths, now, closing, rateLimit } = options
  const wait = rateLimit ? createRateLimit(rateLimit, now) : () => 0

  const taken = async (
    body: AsyncIterable<Uint8Array>,
    contentType: string,
    customer: Omit<Customer, 'folder'>,
  ): Promise<Result<StartedTask, Refusal>> => {
    const folder = join(paths.uploads, String(process.pid), randomUUID())
    await mkdir(folder, { recursive: true })
    try {
      const form = await readForm(body, contentType, join(folder, 'file'))
      if (closing.aborted) return err(closes('The sandbox is closing.'))
      const order = form.ok ? readOrder(form.value) : form
      return order.ok ? await startTask(options, { ...customer, folder }, order.value) : order
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  const answer = async (request: Request, body: AsyncIterable<Uint8Array>): Promise<Response> => {
    const { headers, url } = request
    const account = accounts.byKey(headers.get('x-api-key') ?? '')
    if (account === undefined) return Response.json('Bad Request: Missing User ID', { status: 400 })
    const waitMs = wait(account.apiKey)
    if (waitMs > 0) return tooManyRequests(waitMs, rateLimit?.retryAfter ?? false)
    const mark = readIdempotencyKey(headers)
    if (mark?.usable === false) return refused(badRequest(KEY_RULE))
    if (Number(headers.get('content-length') ?? 0) > MOST_FORM_BYTES) return refused(FILE_TOO_LARGE)

    const origin = options.origin ?? new URL(url).origin
    const customer = { account, key: mark?.key ?? null, origin }
    const started = await taken(body, headers.get('content-type') ?? '', customer)
    if (!started.ok) return refused(started.error)
    options.wake()
    const { id, price } = started.value
    return Response.json({
      status: 'success',
      data: { message: 'The task is in the queue.', taskId: id, creditsToDeduct: price },
    })
  }

  return new Hono().post('/start-task', async (c) => {
    const intake = createIntake(c.req.raw.body, {
      ...{ mostBytes: MOST_FORM_BYTES, idleMs: IDLE_MS, stop: closing },
    })
    const response = await answer(c.req.raw, intake.chunks)
    await intake.drain()
    return response
  })
}

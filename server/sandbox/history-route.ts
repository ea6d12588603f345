import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as v from 'valibot'
import { createRateLimit, tooManyRequests } from './rate-limit.ts'
import type { Services } from './services.ts'
import { statusData } from './status-data.ts'
import type { Status } from './store/tasks.ts'

/** As documented. */
const REQUESTS_PER_HOUR = 100
const MAX_BODY_BYTES = 64 * 1024

const STATUSES = {
  pending: 'PROCESSING',
  processing: 'ENHANCING',
  completed: 'PROCESSED',
  failed: 'PROCESSING_FAILED',
} as const satisfies Record<string, Status>

const filters = v.object({
  /** Epoch ms: only tasks created before. */
  timestampOffset: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  batch: v.optional(v.boolean()),
  failed: v.optional(v.boolean()),
  processed: v.optional(v.picklist(['pending', 'processing', 'completed', 'failed'])),
  limit: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100)), 20),
})
/** The API wraps all its other requests in `data`; its description of this one does not. */
const request = v.union([
  v.pipe(
    v.object({ data: filters }),
    v.transform(({ data }) => data),
  ),
  v.pipe(v.objectWithRest({ data: v.optional(v.never()) }, v.unknown()), filters),
])

const badRequest = () =>
  Response.json(
    { error: 'BAD_REQUEST', message: 'Invalid request parameters provided' },
    { status: 400 },
  )

/**
 * `POST /get-upscayl-history`, which the API once described and then dropped. Newest first. Deducts
 * nothing.
 */
export function historyRoute({ accounts, tasks, links, origin: fixed, now }: Services): Hono {
  const wait = createRateLimit(REQUESTS_PER_HOUR, now)

  return new Hono().post(
    '/get-upscayl-history',
    bodyLimit({ maxSize: MAX_BODY_BYTES, onError: badRequest }),
    async (c) => {
      const account = accounts.byKey(c.req.header('x-api-key') ?? '')
      if (account === undefined) return c.json('Bad Request: Missing User ID', 400)
      const waitMs = wait(account.apiKey)
      if (waitMs > 0) return tooManyRequests(waitMs)
      const body = v.safeParse(request, await c.req.json().catch(() => undefined))
      if (!body.success) return badRequest()

      const { timestampOffset = Number.MAX_SAFE_INTEGER, batch, failed, limit } = body.output
      const { processed } = body.output
      const found = tasks
        .history(account.id)
        .filter(
          ({ status, createdAt, fileCount }) =>
            createdAt < timestampOffset &&
            (batch === undefined || batch === fileCount > 1) &&
            (failed === undefined || failed === (status === 'PROCESSING_FAILED')) &&
            (processed === undefined || STATUSES[processed] === status),
        )
      if (found.length === 0) return c.body(null, 204)
      const last = found[Math.min(limit, found.length) - 1]?.createdAt ?? 0
      // Tasks created at the same time share a page: the next one begins before that time.
      const page = found.filter(({ createdAt }) => createdAt >= last)
      const hasMore = page.length < found.length
      const origin = fixed ?? new URL(c.req.url).origin
      return c.json({
        status: 'success',
        data: page.map((task) => {
          const work = tasks.work(task.id)
          const charged = accounts.isCharged(task.id)
          const standing = { task, files: tasks.filesOf(task.id), work, charged }
          return { id: task.id, createdAt: task.createdAt, ...statusData(standing, links, origin) }
        }),
        pagination: { total: found.length, hasMore, ...(hasMore ? { nextOffset: last } : {}) },
      })
    },
  )
}

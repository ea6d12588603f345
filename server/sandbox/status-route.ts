import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as v from 'valibot'
import { MAX_TASK_ID_LENGTH } from '../../core/api/task-id.ts'
import { isDemoName, timesOf } from './demos.ts'
import { type Links, seconds } from './links.ts'
import { createRateLimit, type RateLimitOptions, tooManyRequests } from './rate-limit.ts'
import { createSentinels } from './sentinels.ts'
import type { Services } from './services.ts'
import type { Account } from './store/accounts.ts'
import { hasEnded, MIME_TYPES, type StoredFile, type StoredTask } from './store/tasks.ts'
import { RESULT_LIFETIME_MS } from './work/run-task.ts'

const MAX_BODY_BYTES = 64 * 1024

const requestSchema = v.object({ data: v.object({ taskId: v.pipe(v.string(), v.nonEmpty()) }) })

/** Errors 400 and 500 of the API are a bare JSON string. */
const badRequest = (text: string) => Response.json(`Bad Request: ${text}`, { status: 400 })

/** `POST /get-task-status`. */
export function statusRoute(services: Services, rateLimit: RateLimitOptions | null): Hono {
  const { accounts, tasks, links, counter, recordings, worker, now, closing } = services
  const sentinel = createSentinels()
  const wait = rateLimit ? createRateLimit(rateLimit, now) : () => 0

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

      const waitMs = wait(account.apiKey)
      if (waitMs > 0) return tooManyRequests(waitMs, rateLimit?.retryAfter ?? false)

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

interface Standing {
  readonly task: StoredTask
  readonly files: readonly StoredFile[]
  /** Strips done and total strips. */
  readonly work: { readonly done: number; readonly all: number }
  /** Whether the credits have been deducted. */
  readonly charged: boolean
}

/** The `data` of a response, as documented on the public page of `get-task-status`. */
function statusData(
  standing: Standing,
  links: Links,
  origin: string,
): Readonly<Record<string, unknown>> {
  const { task, charged } = standing
  if (task.demo === 'sparse' && task.status === 'PROCESSED') {
    return { status: task.status, files: [{}] }
  }
  const processed = task.status === 'PROCESSED'
  return {
    status: task.status,
    progress: String(percent(standing)),
    files: listedFiles(standing).map((file) => fileData(file, standing, links, origin)),
    deductedCredits: processed ? (task.cost ?? task.price) : 0,
    creditsDeducted: charged,
    model: task.model,
    scale: task.scale,
    saveImageAs: task.saveImageAs,
    compression: task.compression,
    batchMode: standing.files.length > 1,
    enhanceFace: task.enhanceFace === 1,
    ...(task.error === null ? {} : { error: task.error }),
  }
}

/** Progress; at most 99 until the end, since joining and encoding come after the last strip. */
function percent({ task, work }: Standing): number {
  if (task.status === 'PROCESSED') return 100
  return Math.min(99, Math.floor((100 * work.done) / Math.max(1, work.all)))
}

/** A batch finishes file by file, and in the end lists those that failed as well. */
function listedFiles({ task, files }: Standing): readonly StoredFile[] {
  if (task.status === 'PROCESSED') return files
  return task.status === 'ENHANCING' && files.length > 1
    ? files.filter(({ resultSize }) => resultSize !== null)
    : []
}

function fileData(
  file: StoredFile,
  { task, charged }: Standing,
  links: Links,
  origin: string,
): Readonly<Record<string, unknown>> {
  const extension = /\.\w+$/.exec(file.originalName)?.[0] ?? ''
  const expiresAt = task.expiresAt ?? task.createdAt + RESULT_LIFETIME_MS
  const stored = file.storedName ?? `${file.id}${extension}`
  const uploaded = {
    fileName: stored,
    originalFileName: file.originalName,
    fileSize: file.sourceSize,
    path: `users/${task.accountId}/${stored}`,
    createdAt: seconds(task.createdAt),
    expiresAt: seconds(expiresAt),
  }
  if (file.resultSize === null) return uploaded
  return {
    ...uploaded,
    processedFileName: `${file.id}-${task.scale}x.${task.saveImageAs}`,
    fileType: MIME_TYPES[task.saveImageAs],
    finalFileSize: file.resultSize,
    dimensions: { width: file.resultWidth, height: file.resultHeight },
    // Only a thumbnail until the credits are deducted.
    ...(charged ? { downloadLink: links.url(origin, file.id, 'download', expiresAt) } : {}),
    thumbnailLink: links.url(origin, file.id, 'thumbnail', expiresAt),
  }
}

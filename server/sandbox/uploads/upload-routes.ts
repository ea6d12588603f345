import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as v from 'valibot'
import { MAX_COMPLETE_BYTES, MAX_FILE_BYTES } from '../../../core/api/upload-limits.ts'
import { HOUR } from '../../../core/lib/units.ts'
import { CREDITS_PER_IMAGE } from '../demos.ts'
import { seconds } from '../links.ts'
import { createRateLimit, tooManyRequests } from '../rate-limit.ts'
import type { Services } from '../services.ts'
import type { Account } from '../store/accounts.ts'
import { MIME_TYPES } from '../store/tasks.ts'
import { completeUpload } from './complete-upload.ts'

/** As documented, for `get-upload-url`. */
const UPLOADS_PER_HOUR = 100

/** How long the parts of an upload can be sent. */
export const LINK_LIFETIME_MS = HOUR

const MAX_BODY_BYTES = 64 * 1024
const MAX_NAME_LENGTH = 255

/** A bare JSON string. `reason`: for the developer of a client, since the API gives none. */
const bare = (status: number, text: string, reason: string | null = null): Response =>
  Response.json(text, {
    status,
    headers: reason === null ? {} : { 'x-sandbox-reason': reason },
  })

const badRequest = (error: string, message: string): Response =>
  Response.json({ error, message }, { status: 400 })

const EXTENSIONS = new Map<string, string>(
  Object.entries(MIME_TYPES).map(([extension, type]) => [type, extension]),
)

const uploadRequest = v.object({
  originalFileName: v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_NAME_LENGTH)),
  fileType: v.string(),
  fileSize: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
})
const inData = <S extends v.GenericSchema>(data: S) => v.object({ data })
const anyData = inData(v.record(v.string(), v.unknown()))

const quoted = /^(?:W\/)?"(.*)"$/
const completeRequest = inData(
  v.object({
    uploadId: v.pipe(v.string(), v.nonEmpty()),
    key: v.pipe(v.string(), v.nonEmpty()),
    parts: v.pipe(
      v.array(
        v.pipe(
          v.object({ PartNumber: v.pipe(v.number(), v.safeInteger()), ETag: v.string() }),
          v.transform(({ PartNumber, ETag }) => ({
            number: PartNumber,
            etag: ETag.replace(quoted, '$1'),
          })),
        ),
      ),
      v.minLength(1),
    ),
  }),
)

const jsonOf = (c: Context): Promise<unknown> => c.req.json().catch(() => undefined)

/** `POST /get-upload-url` and `POST /complete-multipart-upload`. */
export function uploadRoutes(services: Services): Hono {
  const { accounts, uploads, links, paths, partBytes, now } = services
  const wait = createRateLimit(UPLOADS_PER_HOUR, now)
  const accountOf = (c: Context) => accounts.byKey(c.req.header('x-api-key') ?? '')

  const create = async (
    account: Account,
    { originalFileName, fileType, fileSize }: v.InferOutput<typeof uploadRequest>,
    origin: string,
  ) => {
    const id = randomUUID()
    const fileName = `${id}.${EXTENSIONS.get(fileType)}`
    const path = `users/${account.id}/${fileName}`
    const expiresAt = now() + LINK_LIFETIME_MS
    const partCount = Math.ceil(fileSize / partBytes)
    const removed = uploads.add({
      ...{ id, accountId: account.id, path, originalName: originalFileName },
      ...{ fileSize, partCount, expiresAt },
    })
    for (const old of removed) await rm(dirname(paths.whole(old)), RECURSIVE)
    return {
      uploadId: id,
      partUrls: Array.from({ length: partCount }, (_, at) => ({
        partNumber: at + 1,
        signedUrl: links.partUrl(origin, id, at + 1, expiresAt),
      })),
      partSize: partBytes,
      ...{ fileName, fileType, fileSize, originalFileName, path },
      createdAt: seconds(now()),
      expiresAt: seconds(expiresAt),
    }
  }

  const routes = new Hono()
    .post(
      '/get-upload-url',
      bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLong }),
      async (c) => {
        const account = accountOf(c)
        if (account === undefined) return bare(400, 'Bad Request: Missing User ID')
        const waitMs = wait(account.apiKey)
        if (waitMs > 0) return tooManyRequests(waitMs)
        const wrapped = v.safeParse(anyData, await jsonOf(c))
        const body = v.safeParse(uploadRequest, wrapped.success ? wrapped.output.data : {})
        if (!body.success) return missing(body.issues.map(({ path }) => `${path?.[0].key}`))
        const { fileType, fileSize } = body.output
        if (!EXTENSIONS.has(fileType)) {
          return badRequest('INVALID_FILE_TYPE', 'Unsupported file type. Allowed: JPEG, PNG, WEBP')
        }
        if (fileSize > MAX_FILE_BYTES) {
          return badRequest('FILE_SIZE_EXCEEDED', 'File size exceeds maximum limit of 100MB')
        }
        if (accounts.free(account.id) < CREDITS_PER_IMAGE) return bare(402, 'Insufficient credits')
        const origin = services.origin ?? new URL(c.req.url).origin
        return c.json({ status: 'success', data: await create(account, body.output, origin) })
      },
    )
    .post(
      '/complete-multipart-upload',
      bodyLimit({ maxSize: MAX_COMPLETE_BYTES, onError: incomplete }),
      async (c) => {
        const account = accountOf(c)
        if (account === undefined) return bare(400, 'Bad Request: Missing User ID')
        const body = v.safeParse(completeRequest, await jsonOf(c))
        if (!body.success) return incomplete()
        const { uploadId, key, parts } = body.output.data
        const request = { accountId: account.id, uploadId, path: key, parts }
        const reason = await completeUpload(services, request)
        if (reason !== null) {
          return bare(500, 'Internal Server Error: Failed to complete upload', reason)
        }
        return c.json({ status: 'success', data: { status: 'success' } })
      },
    )
  routes.onError((error) => {
    process.emitWarning(error)
    return bare(500, 'Internal Server Error')
  })
  return routes
}

const RECURSIVE = { recursive: true, force: true }

const incomplete = (): Response => bare(400, 'Bad Request: Missing required parameters')
const missing = (fields: readonly string[]): Response =>
  badRequest('MISSING_REQUIRED_FIELDS', `Required fields missing: ${fields.join(', ')}`)
const tooLong = (): Response => missing(Object.keys(uploadRequest.entries))

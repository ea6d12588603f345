import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { DAY } from '../../../core/lib/units.ts'
import type { Services } from '../services.ts'
import type { StoredPart, StoredUpload } from '../store/uploads.ts'

/** How long a complete file can be used to start tasks. */
export const WHOLE_LIFETIME_MS = DAY

export interface CompleteRequest {
  readonly accountId: number
  readonly uploadId: string
  readonly path: string
  /** As the client lists them. */
  readonly parts: readonly StoredPart[]
}

/**
 * Joins the parts of an upload. Returns null, or why it can't, which the API does not tell its clients.
 * Completing it again is no error, since the first response may have been lost.
 */
export async function completeUpload(
  services: Services,
  { accountId, uploadId, path, parts }: CompleteRequest,
): Promise<string | null> {
  const { uploads, paths, now } = services
  const upload = uploads.byId(uploadId)
  if (upload?.accountId !== accountId || upload.path !== path) {
    return 'There is no such upload of this account, or it has expired.'
  }
  const problem = listProblem(upload, uploads.partsOf(uploadId), parts)
  if (problem !== null || upload.isComplete === 1) return problem
  const whole = paths.whole(uploadId)
  const files = parts.map(({ number, etag }) => paths.part(uploadId, number, etag))
  // Each request writes a file of its own, so that two at once don't mix.
  const draft = `${whole}-${randomUUID()}`
  try {
    await pipeline(chunksOf(files), createWriteStream(draft))
    const { size } = await stat(draft)
    if (size !== upload.fileSize) {
      return `The parts have ${size} bytes, but fileSize was ${upload.fileSize}.`
    }
    await rename(draft, whole)
    uploads.complete(uploadId, now() + WHOLE_LIFETIME_MS)
    for (const file of files) await rm(file, { force: true })
    return null
  } catch (error) {
    // Another request was faster, and has removed the parts.
    if (uploads.byId(uploadId)?.isComplete === 1) return null
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** What is wrong with the list of parts; null for nothing. */
function listProblem(
  { partCount }: StoredUpload,
  stored: readonly StoredPart[],
  listed: readonly StoredPart[],
): string | null {
  const etags = new Map(stored.map(({ number, etag }) => [number, etag]))
  for (const [at, { number, etag }] of listed.entries()) {
    if (number !== at + 1) return `Part ${at + 1} is missing, or the parts are out of order.`
    if (!etags.has(number)) return `Part ${number} was not uploaded.`
    if (etags.get(number) !== etag) return `The ETag of part ${number} is not the last one sent.`
  }
  return listed.length === partCount ? null : `Part ${listed.length + 1} is missing.`
}

async function* chunksOf(files: readonly string[]): AsyncGenerator<Buffer> {
  for (const file of files) yield* createReadStream(file)
}

import type { Origin } from '../../core/api/errors.ts'
import { readWait } from '../../core/api/rate-limit.ts'
import {
  accountError,
  isRefusal,
  isSuccess,
  parseBody,
  readProblem,
} from '../../core/api/response-body.ts'
import {
  completeRequest,
  type NewUpload,
  parseUpload,
  type SentPart,
} from '../../core/api/upload.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { MINUTE } from '../../core/lib/units.ts'
import { now } from '../lib/clock.ts'
import { noResponseCame } from './server-signals.ts'

/*
 * Uploads by parts: get the links, send each part straight to the storage, join them. Costs no credits.
 * Nothing here retries: each step can be repeated.
 */

/** Why a step failed. `message`: the API's own message, or null. */
export type UploadError =
  | { readonly kind: 'cancelled' }
  /** No response: no network, or a storage that does not accept this page's origin. */
  | { readonly kind: 'network' }
  /** This server, API or storage has no uploads by parts: send the image with the start instead. */
  | { readonly kind: 'unavailable' }
  /** The links have expired, or the upload is complete. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'key' }
  | { readonly kind: 'credits'; readonly message: string | null }
  /** `until`: epoch ms. */
  | ({
      readonly kind: 'limited'
      readonly until: number | null
      readonly message: string | null
    } & Origin)
  /** A retry would be rejected again. */
  | ({ readonly kind: 'rejected'; readonly message: string | null } & Origin)
  /** A retry may succeed. */
  | ({ readonly kind: 'upstream'; readonly message: string | null } & Origin)

/** Longer than the server's own timeouts, so that its 504 arrives first. */
const TIMEOUT_MS = 2 * MINUTE

/** Gets the links for the parts of a file. */
export async function createUpload(
  key: string,
  file: File,
  signal: AbortSignal,
): Promise<Result<NewUpload, UploadError>> {
  const fields = { fileSize: file.size, fileType: file.type, originalFileName: file.name }
  const sent = await post('/api/get-upload-url', key, { data: fields }, signal)
  if (!sent.ok) return sent
  const upload = parseUpload(sent.value, file.size)
  return upload.ok ? upload : err({ kind: 'upstream', message: null })
}

/** Joins the parts. Afterwards `upload.file` can be started. */
export async function completeUpload(
  key: string,
  upload: Pick<NewUpload, 'uploadId' | 'file'>,
  parts: readonly SentPart[],
  signal: AbortSignal,
): Promise<Result<null, UploadError>> {
  const body = completeRequest(upload, parts)
  const sent = await post('/api/complete-multipart-upload', key, body, signal)
  return sent.ok ? ok(null) : sent
}

/** The JSON of a successful response. */
async function post(
  path: string,
  key: string,
  body: unknown,
  signal: AbortSignal,
): Promise<Result<unknown, UploadError>> {
  const timeout = new AbortController()
  const abort = () => timeout.abort()
  const timer = setTimeout(abort, TIMEOUT_MS)
  signal.addEventListener('abort', abort)
  try {
    signal.throwIfAborted()
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': key },
      body: JSON.stringify(body),
      credentials: 'omit',
      redirect: 'error',
      signal: timeout.signal,
    })
    return parseUploadResponse(response.status, response.headers, await response.text(), key)
  } catch {
    if (signal.aborted) return err({ kind: 'cancelled' })
    noResponseCame.send()
    return err({ kind: 'network' })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

/** `time`: when it came, epoch milliseconds. Never throws. */
export function parseUploadResponse(
  status: number,
  headers: Headers,
  body: string,
  key: string,
  time = now(),
): Result<unknown, UploadError> {
  const json = parseBody(body)
  const problem = readProblem(json, key)
  const { message, origin } = problem
  const ofAccount = accountError(status, problem)
  if (ofAccount !== null) return err(ofAccount)
  if (isSuccess(status)) {
    // A static host returns its page for any path.
    if (json === undefined) return err({ kind: 'unavailable' })
    return typeof json === 'object' ? ok(json) : err({ kind: 'upstream', message })
  }
  if (status === 404 || status === 405 || status === 501) return err({ kind: 'unavailable' })
  if (status === 429) {
    return err({ kind: 'limited', until: readWait(headers, message, time), message, ...origin })
  }
  return err({ kind: isRefusal(status, json) ? 'rejected' : 'upstream', message, ...origin })
}

export interface PartOptions {
  /** Bytes that have left this browser. */
  readonly onProgress: (bytes: number) => void
  readonly signal: AbortSignal
}

/** Idle timeout of the connection to the storage. */
const IDLE_MS = MINUTE

/**
 * Sends one part to its link, and returns its ETag. Without the API key: the link is signed. It does not
 * use `fetch`, which has no upload progress.
 */
export function uploadPart(
  url: string,
  part: Blob,
  { onProgress, signal }: PartOptions,
): Promise<Result<string, UploadError>> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(err({ kind: 'cancelled' }))
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    let timer = setTimeout(abort, IDLE_MS)
    const end = (result: Result<string, UploadError>) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      resolve(result)
    }
    request.upload.onprogress = ({ loaded }) => {
      clearTimeout(timer)
      timer = setTimeout(abort, IDLE_MS)
      onProgress(loaded)
    }
    request.onload = () => end(partResult(request.status, request.getResponseHeader('etag')))
    request.onerror = () => end(err({ kind: 'network' }))
    request.onabort = () => end(err({ kind: signal.aborted ? 'cancelled' : 'network' }))
    signal.addEventListener('abort', abort)
    request.open('PUT', url)
    request.send(part)
  })
}

/** With these a link is no longer valid. */
const ENDED: readonly number[] = [403, 404, 410]
/** S3 also responds with 400 to a part that was cut off. */
const RETRIED: readonly number[] = [400, 408, 429]

function partResult(status: number, etag: string | null): Result<string, UploadError> {
  if (isSuccess(status)) {
    // Hidden by a storage that does not expose it to other origins.
    return etag === null || etag === '' ? err({ kind: 'unavailable' }) : ok(etag)
  }
  if (ENDED.includes(status)) return err({ kind: 'ended' })
  const kind = status >= 500 || RETRIED.includes(status) ? 'upstream' : 'rejected'
  return err({ kind, message: null })
}

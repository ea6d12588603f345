import { isSuccess } from '../../core/api/response-body.ts'
import {
  completeRequest,
  type NewUpload,
  parseUpload,
  type SentPart,
} from '../../core/api/upload.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { MINUTE } from '../../core/lib/units.ts'
import { wasLeaving } from '../lib/browser/leaving.ts'
import { postJson, type RequestError } from './post-json.ts'

/*
 * Uploads by parts: get the links, send each part straight to the storage, join them. Costs no credits.
 * Nothing here retries: each step can be repeated.
 */

/** Why a step failed. */
export type UploadError =
  | RequestError
  /** The links have expired, or the upload is complete. */
  | { readonly kind: 'ended' }

/** Gets the links for the parts of a file. */
export async function createUpload(
  key: string,
  file: File,
  signal: AbortSignal,
): Promise<Result<NewUpload, UploadError>> {
  const fields = { fileSize: file.size, fileType: file.type, originalFileName: file.name }
  const sent = await postJson('/api/get-upload-url', key, { data: fields }, signal)
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
  const sent = await postJson('/api/complete-multipart-upload', key, body, signal)
  return sent.ok ? ok(null) : sent
}

/** Idle timeout of the connection to the storage. */
const IDLE_MS = MINUTE

/**
 * Sends one part to its link, and returns its ETag. Without the API key: the link is signed. It does not
 * use `fetch`, whose uploads do not show whether they are idle.
 */
export function uploadPart(
  url: string,
  part: Blob,
  signal: AbortSignal,
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
    request.upload.onprogress = () => {
      clearTimeout(timer)
      timer = setTimeout(abort, IDLE_MS)
    }
    request.onload = () => end(partResult(request.status, request.getResponseHeader('etag')))
    request.onerror = async () => {
      await wasLeaving()
      end(err({ kind: 'network' }))
    }
    request.onabort = async () => {
      if (!signal.aborted) await wasLeaving()
      end(err({ kind: signal.aborted ? 'cancelled' : 'network' }))
    }
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

import type { FileData } from '../../core/api/upload.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type { UploadError } from '../api/uploads.ts'
import { atOnce } from '../lib/at-once.ts'
import type { PartsUpload } from './upload-parts.ts'

/** Each has at least one part under way. */
const FILES_AT_ONCE = 3

/** `index`: of the file whose upload failed. */
export interface UploadAllError {
  readonly index: number
  readonly error: UploadError
}

/** Uploads the files of one task, some at a time. The first failure stops the others, which a retry continues. */
export async function uploadAll(
  files: readonly { readonly size: number }[],
  uploads: readonly PartsUpload[],
  onProgress: (sent: number) => void,
  outer: AbortSignal,
): Promise<Result<readonly FileData[], UploadAllError>> {
  const limited = atOnce(FILES_AT_ONCE)
  const stop = new AbortController()
  const abort = () => stop.abort()
  outer.addEventListener('abort', abort)
  if (outer.aborted) abort()
  const total = files.reduce((sum, { size }) => sum + size, 0)
  const sent = files.map(() => 0)
  const failures: UploadAllError[] = []
  const uploadOne = async (upload: PartsUpload, index: number): Promise<readonly FileData[]> => {
    const size = files[index]?.size ?? 0
    const onPart = (fraction: number) => {
      sent[index] = fraction * size
      onProgress(sent.reduce((sum, bytes) => sum + bytes, 0) / total)
    }
    // After a failure this one was not sent at all.
    const cancelled = err({ kind: 'cancelled' } as const)
    const result = stop.signal.aborted ? cancelled : await upload.run(onPart, stop.signal)
    if (result.ok) return [result.value]
    failures.push({ index, error: result.error })
    abort()
    return []
  }
  try {
    const done = await Promise.all(
      uploads.map((upload, index) => limited(() => uploadOne(upload, index))),
    )
    const [failure] = failures
    return failure === undefined ? ok(done.flat()) : err(failure)
  } finally {
    outer.removeEventListener('abort', abort)
  }
}

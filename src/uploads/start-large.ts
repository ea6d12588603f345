import { err } from '../../core/lib/result.ts'
import {
  type CreateTaskError,
  type CreateTaskResult,
  createTask,
  type Source,
  type StartOptions,
  type StartSettings,
} from '../api/create-task.ts'
import { completeUpload, createUpload, type UploadError, uploadPart } from '../api/uploads.ts'
import { atOnce } from '../lib/at-once.ts'
import {
  createPartsUpload,
  PARTS_AT_ONCE,
  type PartsUpload,
  pauseOrNetwork,
} from './upload-parts.ts'

/** Smaller files are sent with the start: one request instead of five. */
export const BY_PARTS_FROM = 16 * 2 ** 20

type Start = (
  source: Source,
  settings: StartSettings,
  options: StartOptions,
) => Promise<CreateTaskResult>

/** Starts tasks with the images of a key. Large files are uploaded by parts before, where that is possible. */
export function createStart(key: string): Start {
  // Of all files: more would take the connections that the page's own requests need.
  const limited = atOnce(PARTS_AT_ONCE)
  /** By attempt, so that a retry goes on; null where the file has to be sent with the start. */
  const uploads = new Map<string, PartsUpload | null>()
  return async (source, settings, options) => {
    const { attempt, onProgress, signal } = options
    const sendWhole = () => createTask(key, source, settings, options)
    if (source.kind !== 'file' || source.file.size < BY_PARTS_FROM) return sendWhole()
    const { file } = source
    let upload = uploads.get(attempt)
    if (upload === undefined) {
      upload = createPartsUpload(file, {
        create: (signal) => createUpload(key, file, signal),
        send: (...args) => limited(() => uploadPart(...args)),
        complete: (target, parts, signal) => completeUpload(key, target, parts, signal),
        pause: pauseOrNetwork,
      })
      uploads.set(attempt, upload)
    }
    if (upload === null) return sendWhole()
    // At 1 it waits for the response to the start, and can no longer be cancelled.
    const uploaded = await upload.run((sent) => onProgress(Math.min(sent, ALMOST)), signal)
    if (!uploaded.ok) {
      const error = startError(uploaded.error)
      if (error !== null) return err(error)
      uploads.set(attempt, null)
      return sendWhole()
    }
    const batch = { kind: 'uploads', files: [uploaded.value] } as const
    const started = await createTask(key, batch, settings, {
      ...options,
      onProgress: (sent) => onProgress(sent === 1 ? 1 : ALMOST),
    })
    if (started.ok) uploads.delete(attempt)
    return started
  }
}

const ALMOST = 0.999

/** Why no task was started; null if the file can still be sent with the start. */
function startError(error: UploadError): CreateTaskError | null {
  if (error.kind === 'unavailable') return null
  return error.kind === 'network' || error.kind === 'ended' ? { kind: 'cut' } : error
}

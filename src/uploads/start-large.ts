import type { FileData } from '../../core/api/upload.ts'
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
import type { Group } from './upload.ts'
import { uploadAll } from './upload-all.ts'
import {
  createPartsUpload,
  PARTS_AT_ONCE,
  type PartsUpload,
  pauseOrNetwork,
} from './upload-parts.ts'

/** Smaller files are sent with the start: one request instead of five. */
export const BY_PARTS_FROM = 16 * 2 ** 20

type Start = (
  source: Source | Group,
  settings: StartSettings,
  options: StartOptions,
) => Promise<CreateTaskResult>

/** Starts tasks with the images of a key. Large files are uploaded by parts before, and so is each file of a group. */
export function createStart(key: string): Start {
  // Of all files: more would take the connections that the page's own requests need.
  const limited = atOnce(PARTS_AT_ONCE)
  /** So that a retry goes on. */
  const uploads = new WeakMap<File, PartsUpload>()
  /** Files that have to be sent with the start. */
  const whole = new WeakSet<File>()

  function uploadOf(file: File): PartsUpload {
    const upload =
      uploads.get(file) ??
      createPartsUpload(file, {
        create: (signal) => createUpload(key, file, signal),
        send: (...args) => limited(() => uploadPart(...args)),
        complete: (target, parts, signal) => completeUpload(key, target, parts, signal),
        pause: pauseOrNetwork,
      })
    uploads.set(file, upload)
    return upload
  }

  // At 1 it waits for the response to the start, and can no longer be cancelled.
  const upload = (files: readonly File[], { onProgress, signal }: StartOptions) =>
    uploadAll(files, files.map(uploadOf), (sent) => onProgress(Math.min(sent, ALMOST)), signal)

  async function startUploaded(
    files: readonly File[],
    uploaded: readonly FileData[],
    settings: StartSettings,
    options: StartOptions,
  ): Promise<CreateTaskResult> {
    const started = await createTask(key, { kind: 'uploads', files: uploaded }, settings, {
      ...options,
      onProgress: (sent) => options.onProgress(sent === 1 ? 1 : ALMOST),
    })
    if (started.ok) for (const file of files) uploads.delete(file)
    return started
  }

  async function startGroup(
    { sources }: Group,
    settings: StartSettings,
    options: StartOptions,
  ): Promise<CreateTaskResult> {
    const files = sources.flatMap((source) => (source.kind === 'file' ? [source.file] : []))
    const urls = sources.flatMap((source) => (source.kind === 'url' ? [source.url] : []))
    if (files.length === 0) return createTask(key, { kind: 'urls', urls }, settings, options)
    const uploaded = await upload(files, options)
    if (uploaded.ok) return startUploaded(files, uploaded.value, settings, options)
    const { index, error } = uploaded.error
    if (error.kind === 'rejected') return err({ ...error, image: index })
    // Without a start nothing was charged.
    if (error.kind === 'upstream') return err({ kind: 'cut' })
    return err(startError(error) ?? { kind: 'single-only' })
  }

  return async (source, settings, options) => {
    if (source.kind === 'group') return startGroup(source, settings, options)
    const sendWhole = () => createTask(key, source, settings, options)
    if (source.kind !== 'file' || source.file.size < BY_PARTS_FROM) return sendWhole()
    const { file } = source
    if (whole.has(file)) return sendWhole()
    const uploaded = await upload([file], options)
    if (uploaded.ok) return startUploaded([file], uploaded.value, settings, options)
    const error = startError(uploaded.error.error)
    if (error !== null) return err(error)
    whole.add(file)
    return sendWhole()
  }
}

const ALMOST = 0.999

/** Why no task was started; null if the file can still be sent with the start. */
function startError(error: UploadError): CreateTaskError | null {
  if (error.kind === 'unavailable') return null
  return error.kind === 'network' || error.kind === 'ended' ? { kind: 'cut' } : error
}

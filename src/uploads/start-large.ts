import type { FileData } from '../../core/api/upload.ts'
import { err, ok } from '../../core/lib/result.ts'
import {
  type CreateTaskError,
  type CreateTaskResult,
  createTask,
  type StartOptions,
  type StartSettings,
} from '../api/create-task.ts'
import { serverResponds } from '../api/server-health.ts'
import { completeUpload, createUpload, type UploadError, uploadPart } from '../api/uploads.ts'
import { atOnce } from '../lib/at-once.ts'
import { saysOffline } from '../lib/browser/network.ts'
import type { KeptParts, PartsState } from './kept-parts.ts'
import { type FileSource, factsOf, type Group, type ImageSource, identityOf } from './upload.ts'
import { uploadAll } from './upload-all.ts'
import {
  createPartsUpload,
  PARTS_AT_ONCE,
  type PartsApi,
  type PartsUpload,
  pauseOrNetwork,
} from './upload-parts.ts'

/** Smaller files are sent with the start: one request instead of five. */
const BY_PARTS_FROM = 16 * 2 ** 20

type Start = (
  source: ImageSource | Group,
  settings: StartSettings,
  options: StartOptions,
) => Promise<CreateTaskResult>

/**
 * Starts tasks with the images of a key. Large files are uploaded by parts before, and so is each file of a group.
 * A file that is missing must have been uploaded.
 */
export function createStart(key: string, parts: Pick<KeptParts, 'get' | 'set'>): Start {
  // Of all files: more would take the connections that the page's own requests need.
  const limited = atOnce(PARTS_AT_ONCE)
  /** Files that have to be sent with the start. */
  const whole = new WeakSet<File>()

  function uploadOf(source: FileSource): PartsUpload {
    const identity = identityOf(source)
    const kept = {
      get: () => parts.get(identity),
      set: (state: PartsState | null) => parts.set(identity, state),
    }
    if (source.kind === 'missing') {
      const state = kept.get()
      const result = state?.kind === 'complete' ? ok(state.file) : err({ kind: 'network' } as const)
      return { run: async () => result }
    }
    const { file } = source
    const api: PartsApi = {
      create: (signal) => createUpload(key, file, signal),
      send: (...args) => limited(() => uploadPart(...args)),
      complete: (target, sent, signal) => completeUpload(key, target, sent, signal),
      pause: pauseOrNetwork,
      isOnline: async () => !saysOffline() && (await serverResponds()),
    }
    return createPartsUpload(file, api, kept)
  }

  // At 1 it waits for the response to the start, and can no longer be cancelled.
  const upload = (files: readonly FileSource[], { onProgress, signal }: StartOptions) =>
    uploadAll(
      files.map(factsOf),
      files.map(uploadOf),
      (sent) => onProgress(Math.min(sent, ALMOST)),
      signal,
    )

  async function startUploaded(
    files: readonly FileSource[],
    uploaded: readonly FileData[],
    settings: StartSettings,
    options: StartOptions,
  ): Promise<CreateTaskResult> {
    const started = await createTask(key, { kind: 'uploads', files: uploaded }, settings, {
      ...options,
      onProgress: (sent) => options.onProgress(sent === 1 ? 1 : ALMOST),
    })
    if (started.ok) for (const file of files) parts.set(identityOf(file), null)
    return started
  }

  async function startGroup(
    { sources }: Group,
    settings: StartSettings,
    options: StartOptions,
  ): Promise<CreateTaskResult> {
    const files = sources.flatMap((source) => (source.kind === 'url' ? [] : [source]))
    const urls = sources.flatMap((source) => (source.kind === 'url' ? [source.url] : []))
    if (files.length === 0) return createTask(key, { kind: 'urls', urls }, settings, options)
    const uploaded = await upload(files, options)
    if (uploaded.ok) return startUploaded(files, uploaded.value, settings, options)
    const { index, error } = uploaded.error
    if (error.kind === 'rejected') return err({ ...error, image: index })
    return err(startError(error) ?? { kind: 'single-only' })
  }

  return async (source, settings, options) => {
    if (source.kind === 'group') return startGroup(source, settings, options)
    if (source.kind === 'url') return createTask(key, source, settings, options)
    const sendWhole = (file: File) => createTask(key, { kind: 'file', file }, settings, options)
    const isWhole = (file: File) => file.size < BY_PARTS_FROM || whole.has(file)
    if (source.kind === 'file' && isWhole(source.file)) return sendWhole(source.file)
    const uploaded = await upload([source], options)
    if (uploaded.ok) return startUploaded([source], uploaded.value, settings, options)
    const error = startError(uploaded.error.error)
    if (error !== null || source.kind === 'missing') return err(error ?? { kind: 'cut' })
    whole.add(source.file)
    parts.set(identityOf(source), null)
    return sendWhole(source.file)
  }
}

const ALMOST = 0.999

/** Why no task was started; null if the file can still be sent with the start. */
function startError(error: UploadError): CreateTaskError | null {
  switch (error.kind) {
    case 'unavailable':
      return null
    // Without a start nothing was charged.
    case 'network':
    case 'ended':
    case 'upstream':
      return { kind: 'cut' }
    case 'limited':
      return { ...error, ofStarts: false }
    default:
      return error
  }
}

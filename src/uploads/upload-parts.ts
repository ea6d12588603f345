import type { FileData, NewUpload, SentPart, UploadPart } from '../../core/api/upload.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { SECOND } from '../../core/lib/units.ts'
import type { UploadError } from '../api/uploads.ts'
import { onNetwork } from '../lib/browser/network.ts'
import { now, wakeWhen } from '../lib/clock.ts'

/** Parts that are sent at the same time. */
export const PARTS_AT_ONCE = 3
/** Failures of one step in a row before the upload counts as interrupted: some two minutes. */
const MAX_FAILURES = 9
/** Failures of a first part before its storage counts as one that does not accept this page (no CORS). */
const MAX_FIRST_FAILURES = 3

const waitAfter = (failures: number): number => Math.min(30, 2 ** (failures - 1)) * SECOND

/** The requests, and the pause before one is repeated. */
export interface PartsApi {
  readonly create: (signal: AbortSignal) => Promise<Result<NewUpload, UploadError>>
  readonly send: (
    url: string,
    part: Blob,
    signal: AbortSignal,
  ) => Promise<Result<string, UploadError>>
  readonly complete: (
    upload: NewUpload,
    parts: readonly SentPart[],
    signal: AbortSignal,
  ) => Promise<Result<null, UploadError>>
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
}

/** An upload of one file, which goes on where it was interrupted. */
export interface PartsUpload {
  /** `onProgress`: fraction of the bytes that the storage has confirmed. Never rejects. */
  readonly run: (
    onProgress: (confirmed: number) => void,
    signal: AbortSignal,
  ) => Promise<Result<FileData, UploadError>>
}

/** Uploads a file by parts: a lost connection costs a part, not the file. */
export function createPartsUpload(file: Blob, api: PartsApi): PartsUpload {
  let upload: NewUpload | null = null
  let isComplete = false
  const etags = new Map<number, string>()

  const expired = ({ expiresAt }: NewUpload) => expiresAt !== null && expiresAt <= now()

  /** Repeats a step until it succeeds, or its failure is final. */
  async function repeat<T>(
    step: () => Promise<Result<T, UploadError>>,
    signal: AbortSignal,
  ): Promise<Result<T, UploadError>> {
    for (let failures = 1; ; failures++) {
      const result = await step()
      if (result.ok || signal.aborted) return result
      const { kind } = result.error
      if (kind !== 'network' && kind !== 'upstream') return result
      if (failures >= MAX_FAILURES) return result
      const isFirst = kind === 'network' && upload !== null && etags.size === 0
      if (isFirst && failures >= MAX_FIRST_FAILURES) return err({ kind: 'unavailable' })
      await api.pause(waitAfter(failures), signal)
      if (signal.aborted) return err({ kind: 'cancelled' })
    }
  }

  async function sendAll(
    { parts }: NewUpload,
    onProgress: (confirmed: number) => void,
    outer: AbortSignal,
  ): Promise<Result<null, UploadError>> {
    const missing = parts.filter(({ number }) => !etags.has(number))
    const stop = new AbortController()
    const abort = () => stop.abort()
    const { signal } = stop
    outer.addEventListener('abort', abort)
    if (outer.aborted) abort()
    let failure: UploadError | null = null
    const report = () => {
      const bytes = parts.filter(({ number }) => etags.has(number)).reduce(addSize, 0)
      onProgress(bytes / file.size)
    }
    const worker = async () => {
      while (!signal.aborted) {
        const part = missing.shift()
        if (part === undefined) return
        const { number, url, from, to } = part
        const sent = await repeat(() => api.send(url, file.slice(from, to), signal), signal)
        if (sent.ok) {
          etags.set(number, sent.value)
          report()
          continue
        }
        failure ??= sent.error
        return stop.abort()
      }
    }
    report()
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, worker))
    outer.removeEventListener('abort', abort)
    if (outer.aborted) return err({ kind: 'cancelled' })
    return failure === null ? ok(null) : err(failure)
  }

  async function join(target: NewUpload, signal: AbortSignal): Promise<Result<null, UploadError>> {
    let tries = 0
    const parts = Array.from(etags, ([number, etag]) => ({ number, etag }))
    const joined = await repeat(() => {
      tries++
      return api.complete(target, parts, signal)
    }, signal)
    // The response to the first one was lost: the start will show whether the parts are joined.
    return !joined.ok && joined.error.kind === 'rejected' && tries > 1 ? ok(null) : joined
  }

  return {
    async run(onProgress, signal) {
      if (upload !== null && !isComplete && expired(upload)) {
        upload = null
        etags.clear()
      }
      if (upload === null) {
        const created = await repeat(() => api.create(signal), signal)
        if (!created.ok) return created
        upload = created.value
      }
      if (!isComplete) {
        const sent = await sendAll(upload, onProgress, signal)
        const done = sent.ok ? await join(upload, signal) : sent
        if (!done.ok) {
          // Its links no longer work: the next run gets new ones.
          if (done.error.kind === 'ended') {
            upload = null
            etags.clear()
          }
          return done
        }
        isComplete = true
      }
      onProgress(1)
      return ok(upload.file)
    },
  }
}

const addSize = (sum: number, { from, to }: UploadPart): number => sum + to - from

/** Resolves after `ms`, as soon as the network is back, or with the signal. */
export const pauseOrNetwork = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      cancelWake()
      stopListening()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancelWake = wakeWhen(now() + ms, end)
    const stopListening = onNetwork(end)
    signal.addEventListener('abort', end)
  })

import type { FileData, NewUpload, SentPart } from '../../core/api/upload.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { SECOND } from '../../core/lib/units.ts'
import type { UploadError } from '../api/uploads.ts'
import { onNetwork } from '../lib/browser/network.ts'
import { now, wakeWhen } from '../lib/clock.ts'
import { hasExpired, type PartsState } from './kept-parts.ts'

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
  /** Whether other hosts respond, so that a storage that does not is the cause itself. */
  readonly isOnline: () => Promise<boolean>
}

/** An upload of one file, which goes on where it was interrupted. */
export interface PartsUpload {
  /** `onProgress`: fraction of the bytes that the storage has confirmed. Never rejects. */
  readonly run: (
    onProgress: (confirmed: number) => void,
    signal: AbortSignal,
  ) => Promise<Result<FileData, UploadError>>
}

type OpenState = Extract<PartsState, { kind: 'open' }>

/** The state of one upload, which outlives a run. */
export interface KeptState {
  readonly get: () => PartsState | null
  readonly set: (state: PartsState | null) => void
}

/** Uploads a file by parts: a lost connection costs a part, not the file. */
export function createPartsUpload(file: Blob, api: PartsApi, kept: KeptState): PartsUpload {
  /** Repeats a step until it succeeds, or its failure is final. `isFirst`: no part has arrived yet. */
  async function repeat<T>(
    step: () => Promise<Result<T, UploadError>>,
    signal: AbortSignal,
    isFirst = () => false,
  ): Promise<Result<T, UploadError>> {
    for (let failures = 1; ; failures++) {
      const result = await step()
      if (result.ok || signal.aborted) return result
      const { kind } = result.error
      if (kind !== 'network' && kind !== 'upstream') return result
      if (failures >= MAX_FAILURES) return result
      const mayBeRefused = kind === 'network' && failures >= MAX_FIRST_FAILURES && isFirst()
      // Another part may arrive meanwhile.
      if (mayBeRefused && (await api.isOnline()) && isFirst()) return err({ kind: 'unavailable' })
      await api.pause(waitAfter(failures), signal)
      if (signal.aborted) return err({ kind: 'cancelled' })
    }
  }

  /** Sends the parts that the storage does not have, and returns all of them. */
  async function sendAll(
    state: OpenState,
    onProgress: (confirmed: number) => void,
    outer: AbortSignal,
  ): Promise<Result<readonly SentPart[], UploadError>> {
    const { parts } = state.upload
    const sent = new Map(state.sent.map((part) => [part.number, part]))
    const missing = parts.filter(({ number }) => !sent.has(number))
    const stop = new AbortController()
    const abort = () => stop.abort()
    const { signal } = stop
    outer.addEventListener('abort', abort)
    if (outer.aborted) abort()
    let failure: UploadError | null = null
    const report = () => onProgress(sentBytes(state.upload, [...sent.values()]) / file.size)
    const worker = async () => {
      while (!signal.aborted) {
        const part = missing.shift()
        if (part === undefined) return
        const { number, url, from, to } = part
        const send = () => api.send(url, file.slice(from, to), signal)
        const result = await repeat(send, signal, () => sent.size === 0)
        if (result.ok) {
          sent.set(number, { number, etag: result.value })
          kept.set({ ...state, sent: [...sent.values()] })
          report()
          continue
        }
        failure ??= result.error
        return stop.abort()
      }
    }
    report()
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, worker))
    outer.removeEventListener('abort', abort)
    if (outer.aborted) return err({ kind: 'cancelled' })
    return failure === null ? ok([...sent.values()]) : err(failure)
  }

  async function join(
    state: OpenState,
    sent: readonly SentPart[],
    signal: AbortSignal,
  ): Promise<Result<null, UploadError>> {
    let mayBeJoined = state.joining
    return repeat(async () => {
      kept.set({ ...state, sent, joining: true })
      const result = await api.complete(state.upload, sent, signal)
      // The response to an earlier one was lost: the start will show whether the parts are joined.
      if (!result.ok && result.error.kind === 'rejected' && mayBeJoined) return ok(null)
      mayBeJoined = true
      return result
    }, signal)
  }

  /** The upload that is under way, or else a new one. */
  async function openUpload(signal: AbortSignal): Promise<Result<OpenState, UploadError>> {
    const known = kept.get()
    const isUsable = known?.kind === 'open' && !hasExpired(known, now())
    if (isUsable && known.upload.parts.at(-1)?.to === file.size) return ok(known)
    const created = await repeat(() => api.create(signal), signal)
    if (!created.ok) return created
    const state = { kind: 'open', upload: created.value, sent: [], joining: false } as const
    kept.set(state)
    return ok(state)
  }

  async function complete(
    onProgress: (confirmed: number) => void,
    signal: AbortSignal,
  ): Promise<Result<FileData, UploadError>> {
    const state = await openUpload(signal)
    if (!state.ok) return state
    const sent = await sendAll(state.value, onProgress, signal)
    const done = sent.ok ? await join(state.value, sent.value, signal) : sent
    if (done.ok) return ok(state.value.upload.file)
    // Its links no longer work: the next run gets new ones.
    if (done.error.kind === 'ended') kept.set(null)
    return done
  }

  return {
    async run(onProgress, signal) {
      const known = kept.get()
      if (known?.kind === 'complete') {
        onProgress(1)
        return ok(known.file)
      }
      const done = await complete(onProgress, signal)
      if (!done.ok) return done
      kept.set({ kind: 'complete', file: done.value })
      onProgress(1)
      return done
    },
  }
}

/** Bytes that the storage has. */
export const sentBytes = ({ parts }: NewUpload, sent: readonly SentPart[]): number => {
  const numbers = new Set(sent.map(({ number }) => number))
  return parts.reduce(
    (sum, { number, from, to }) => (numbers.has(number) ? sum + to - from : sum),
    0,
  )
}

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

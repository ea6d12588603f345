import * as v from 'valibot'
import { type Balance, readBalance } from '../../core/api/balance.ts'
import type { AccountError, LimitError, Origin } from '../../core/api/errors.ts'
import type { ModelId } from '../../core/api/models.ts'
import { type RateLimit, readRateLimit, readWait } from '../../core/api/rate-limit.ts'
import {
  accountError,
  isErrorEnvelope,
  isRefusal,
  isSuccess,
  isUnsent,
  parseBody,
  readProblem,
} from '../../core/api/response-body.ts'
import { type TaskId, taskIdSchema } from '../../core/api/task-id.ts'
import { type FileData, readTaskCost } from '../../core/api/upload.ts'
import { amount, lenient } from '../../core/api/wire.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { MINUTE } from '../../core/lib/units.ts'
import { now } from '../lib/clock.ts'
import { reportNoResponse } from './server-signals.ts'

export const FORMATS = ['png', 'jpg', 'webp'] as const
export type Format = (typeof FORMATS)[number]

/** 1 to 8 (CONTRACT.md, "Starting a task"). */
export const SCALES = [1, 2, 3, 4, 5, 6, 7, 8] as const
export type StartScale = (typeof SCALES)[number]

/** Settings of a new task. */
export interface StartSettings {
  readonly model: ModelId
  readonly scale: StartScale
  readonly saveImageAs: Format
  readonly enhanceFace: boolean
}

/** Image of a new task. */
export type Source =
  | { readonly kind: 'file'; readonly file: File }
  /** Always http(s). */
  | { readonly kind: 'url'; readonly url: string }

/** Several images of one task: files that were uploaded by parts, or http(s) URLs. */
export type Batch =
  | { readonly kind: 'uploads'; readonly files: readonly FileData[] }
  | { readonly kind: 'urls'; readonly urls: readonly string[] }

export interface Started {
  readonly taskId: TaskId
  /** Credits that the API announced; null if it reported none. */
  readonly credits: number | null
  /** Credits left in the account; null if the API reported none, as it mostly does. */
  readonly balance: Balance | null
}

/** Why no task was started, or why that is unknown. `message`: the API's own message, or null. */
export type CreateTaskError =
  /** The connection failed before all was sent: no task, no credits. */
  | { readonly kind: 'cut' }
  /** Nothing reached the API: no task, no credits, and no start counted towards the limit. */
  | { readonly kind: 'unreachable' }
  /** All was sent, but no usable response came: a task may have been started. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'cancelled' }
  | AccountError
  /** Of starts, or else of other requests: Loupe's own limit, or that of uploads. Nothing was started. */
  | (LimitError & { readonly ofStarts: boolean })
  | { readonly kind: 'too-large' }
  /** The API rejects this image or these settings. `image`: index of the one it rejects, of several. */
  | ({
      readonly kind: 'rejected'
      readonly message: string | null
      readonly image?: number
    } & Origin)
  /** This API, server or storage takes no uploads before the start, so each image needs a task of its own. */
  | { readonly kind: 'single-only' }
  /** This server cannot start tasks, as on a static host; `message`: Loupe's own reason. */
  | { readonly kind: 'unavailable'; readonly message: string | null }
  | ({ readonly kind: 'upstream'; readonly message: string | null } & Origin)

export type CreateTaskResult = Result<Started, CreateTaskError>

export interface StartOptions {
  /** The same for each attempt with one image: our server starts only one task for it. */
  readonly attempt: string
  /** Called before the request is sent: from then on a task may be started. */
  readonly onSend: () => void
  /** Fraction sent, 0 to 1. */
  readonly onProgress: (sent: number) => void
  /** The limits that the response reports, if any, before the result. */
  readonly onLimits: (limits: readonly RateLimit[]) => void
  readonly signal: AbortSignal
}

/** Timeout for the response once all is sent. The server may take up to 10 minutes to forward the image. */
const RESPONSE_MS = 11 * MINUTE

/**
 * Starts a task with one image or a batch. Never retries automatically and never rejects. It does not use `fetch`,
 * which has no upload progress.
 */
export function createTask(
  key: string,
  source: Source | Batch,
  settings: StartSettings,
  { attempt, onSend, onProgress, onLimits, signal }: StartOptions,
): Promise<CreateTaskResult> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(err({ kind: 'cancelled' }))
    const request = new XMLHttpRequest()
    let sent = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const allSent = () => {
      if (sent) return
      sent = true
      onProgress(1)
      timer = setTimeout(abort, RESPONSE_MS)
    }
    const abort = () => request.abort()
    const end = (result: CreateTaskResult) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      resolve(result)
    }
    request.upload.onprogress = ({ loaded, total }) => {
      if (sent || total === 0) return
      // The upload may be complete before the `load` event.
      if (loaded >= total) allSent()
      else onProgress(loaded / total)
    }
    request.upload.onload = allSent
    request.onload = () => {
      const headers = headersOf(request)
      const limits = readRateLimit(headers, now())
      if (limits !== null) onLimits(limits)
      end(parseCreateTaskResponse(request.status, headers, request.responseText, key))
    }
    const onNoResponse = async () => {
      await reportNoResponse()
      end(err({ kind: sent ? 'unknown' : 'cut' }))
    }
    request.onerror = onNoResponse
    request.onabort = () => {
      if (signal.aborted) end(err({ kind: sent ? 'unknown' : 'cancelled' }))
      // It took too long, or the browser itself has aborted it.
      else void onNoResponse()
    }
    signal.addEventListener('abort', abort)
    request.open('POST', '/api/start-task')
    request.setRequestHeader('X-API-Key', key)
    // draft-ietf-httpapi-idempotency-key-header
    request.setRequestHeader('Idempotency-Key', attempt)
    onSend()
    request.send(formOf(source, settings))
  })
}

function formOf(source: Source | Batch, settings: StartSettings): FormData {
  const form = new FormData()
  // Before the file, for servers that read the form as a stream.
  form.append('model', settings.model)
  form.append('scale', String(settings.scale))
  form.append('saveImageAs', settings.saveImageAs)
  form.append('enhanceFace', String(settings.enhanceFace))
  switch (source.kind) {
    case 'file':
      form.append('file', source.file, source.file.name)
      break
    case 'url':
      form.append('urls', source.url)
      break
    // As JSON: the API documents arrays, for which forms have no standard.
    case 'uploads':
      form.append('files', JSON.stringify(source.files))
      break
    case 'urls':
      form.append('urls', JSON.stringify(source.urls))
      break
  }
  return form
}

function headersOf(request: XMLHttpRequest): Headers {
  const headers = new Headers()
  for (const line of request.getAllResponseHeaders().split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  return headers
}

/** A body with a task ID means the task was started, whatever its status. */
const started = v.object({
  data: v.object({
    taskId: taskIdSchema,
    creditsToDeduct: lenient(amount),
  }),
})

const NOT_SENT: ReadonlySet<string> = new Set(['BODY_CUT_OFF', 'UPSTREAM_UNREACHABLE', 'CLOSING'])

/** Parses the response. `time`: when it came, epoch milliseconds. Never throws. */
export function parseCreateTaskResponse(
  status: number,
  headers: Headers,
  body: string,
  key: string,
  time = now(),
): CreateTaskResult {
  const json = parseBody(body)
  const problem = readProblem(json, key)
  const { message, code, origin } = problem
  const ofAccount = accountError(status, problem)
  if (isSuccess(status)) {
    if (json === undefined) return err({ kind: 'unavailable', message: null })
    const parsed = v.safeParse(started, json)
    if (parsed.success) {
      const { taskId, creditsToDeduct } = parsed.output.data
      const credits = creditsToDeduct ?? readTaskCost(headers)
      return ok({ taskId, credits, balance: readBalance(json) })
    }
    if (ofAccount !== null) return err(ofAccount)
    const isError = message !== null && (typeof json === 'string' || isErrorEnvelope(json ?? {}))
    return err(isError ? { kind: 'upstream', message } : { kind: 'unknown' })
  }
  if (isUnsent(json)) return err({ kind: 'unreachable' })
  // From Loupe's server: the upload to it broke off, or it could not forward anything.
  if (NOT_SENT.has(code)) return err({ kind: 'cut' })
  if (code === 'START_UNAVAILABLE') return err({ kind: 'unavailable', message })
  if (ofAccount !== null) return err(ofAccount)
  switch (status) {
    case 404: // A static host returns a page; the API returns a message.
      return err(
        message === null ? { kind: 'unavailable', message } : { kind: 'rejected', message },
      )
    case 405:
    case 501:
      return err({ kind: 'unavailable', message: null })
    case 409: // Our server does not know the outcome either, or the request is still in flight.
    case 504:
      return err({ kind: 'unknown' })
    case 413:
      return err({ kind: 'too-large' })
    case 429:
      return err({
        kind: 'limited',
        until: readWait(headers, message, time),
        message,
        ...origin,
        ofStarts: origin.by !== 'loupe',
      })
  }
  return err({ kind: isRefusal(status, json) ? 'rejected' : 'upstream', message, ...origin })
}

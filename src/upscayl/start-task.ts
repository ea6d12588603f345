import * as v from 'valibot'
import { now } from '../lib/clock.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { MINUTE } from '../lib/units.ts'
import { isSuccess, parseBody, saysError } from './body.ts'
import type { ModelId } from './models.ts'
import { isMissingUser, isRefusal, isUnsent, readProblem } from './problem.ts'
import { readWait } from './rate-limit.ts'
import type { TaskId } from './task-id.ts'
import { taskIdSchema } from './task-schema.ts'
import { amount, lenient } from './wire.ts'

export const FORMATS = ['png', 'jpg', 'webp'] as const
export type Format = (typeof FORMATS)[number]

/** 1 to 8 (CONTRACT.md, "Starting a task"). */
export const SCALES = [1, 2, 3, 4, 5, 6, 7, 8] as const
export type StartScale = (typeof SCALES)[number]

/** What a task is to be made with. */
export interface StartSettings {
  readonly model: ModelId
  readonly scale: StartScale
  readonly saveImageAs: Format
  readonly enhanceFace: boolean
}

/** What a task is made of. */
export type Source =
  | { readonly kind: 'file'; readonly file: File }
  /** Always http(s). */
  | { readonly kind: 'url'; readonly url: string }

export interface Started {
  readonly taskId: TaskId
  /** What the API says it will deduct; null where it names nothing. */
  readonly credits: number | null
}

/** Why no task was started, or why that is not known. `message`: the API's own words, or null. */
export type StartError =
  /** The connection failed before all was sent: no task, no credits. */
  | { readonly kind: 'cut' }
  /** Nothing reached the API: no task, no credits, and no start that it could count. */
  | { readonly kind: 'unreachable' }
  /** All was sent and no answer came that can be read: a task may have been started. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'key' }
  | { readonly kind: 'credits'; readonly message: string | null }
  /** `until`: epoch ms. */
  | { readonly kind: 'limited'; readonly until: number | null; readonly message: string | null }
  | { readonly kind: 'too-large' }
  /** The API refuses this image or these settings. */
  | { readonly kind: 'rejected'; readonly message: string | null }
  /** This server passes no starts on: files on a static host. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'upstream'; readonly message: string | null }

export type StartResult = Result<Started, StartError>

export interface StartOptions {
  /** The same for each try of one image: our server starts no second task for it. */
  readonly attempt: string
  /** How much is sent, 0 to 1. */
  readonly onProgress: (sent: number) => void
  readonly signal: AbortSignal
}

/** For the answer once all is sent. The server passes the image on first, and may be given 10 minutes for it. */
const ANSWER_MS = 11 * MINUTE

/**
 * Starts a task with one image. Never repeats it by itself and never rejects. It is no `fetch`, which
 * does not tell how much is sent.
 */
export function startTask(
  key: string,
  source: Source,
  settings: StartSettings,
  { attempt, onProgress, signal }: StartOptions,
): Promise<StartResult> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(err({ kind: 'cancelled' }))
    const request = new XMLHttpRequest()
    let sent = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const allSent = () => {
      if (sent) return
      sent = true
      onProgress(1)
      timer = setTimeout(abort, ANSWER_MS)
    }
    const abort = () => request.abort()
    const end = (result: StartResult) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      resolve(result)
    }
    request.upload.onprogress = ({ loaded, total }) => {
      if (sent || total === 0) return
      // The last of it may have arrived before the event that says so.
      if (loaded >= total) allSent()
      else onProgress(loaded / total)
    }
    request.upload.onload = allSent
    request.onload = () =>
      end(readStartAnswer(request.status, headersOf(request), request.responseText, key))
    request.onerror = () => end(err({ kind: sent ? 'unknown' : 'cut' }))
    request.onabort = () => end(err({ kind: sent ? 'unknown' : 'cancelled' }))
    signal.addEventListener('abort', abort)
    request.open('POST', '/api/start-task')
    request.setRequestHeader('X-API-Key', key)
    // draft-ietf-httpapi-idempotency-key-header
    request.setRequestHeader('Idempotency-Key', attempt)
    request.send(formOf(source, settings))
  })
}

function formOf(source: Source, settings: StartSettings): FormData {
  const form = new FormData()
  // Before the file, so that whoever reads the form as it comes knows them by then.
  form.append('model', settings.model)
  form.append('scale', String(settings.scale))
  form.append('saveImageAs', settings.saveImageAs)
  form.append('enhanceFace', String(settings.enhanceFace))
  if (source.kind === 'file') form.append('file', source.file, source.file.name)
  else form.append('urls', source.url)
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

/** What has the id of a task has started it, whatever it calls itself. */
const started = v.object({
  data: v.object({
    taskId: taskIdSchema,
    creditsToDeduct: lenient(amount),
  }),
})

const NOT_SENT: ReadonlySet<string> = new Set(['BODY_CUT_OFF', 'UPSTREAM_UNREACHABLE', 'CLOSING'])

/** The whole answer, understood. `time`: when it came, epoch milliseconds. Never throws. */
export function readStartAnswer(
  status: number,
  headers: Headers,
  body: string,
  key: string,
  time = now(),
): StartResult {
  const json = parseBody(body)
  const problem = readProblem(json, key)
  const { message, code } = problem
  if (isSuccess(status)) {
    if (json === undefined) return err({ kind: 'unavailable' })
    const answer = v.safeParse(started, json)
    if (answer.success) {
      const { taskId, creditsToDeduct } = answer.output.data
      return ok({ taskId, credits: creditsToDeduct })
    }
    if (isMissingUser(status, problem)) return err({ kind: 'key' })
    const isError = message !== null && (typeof json === 'string' || saysError(json ?? {}))
    return err(isError ? { kind: 'upstream', message } : { kind: 'unknown' })
  }
  if (isUnsent(json)) return err({ kind: 'unreachable' })
  // By the server between: what it was sent broke off, or it could send nothing on.
  if (NOT_SENT.has(code)) return err({ kind: 'cut' })
  if (code === 'START_UNAVAILABLE') return err({ kind: 'unavailable' })
  if (isMissingUser(status, problem)) return err({ kind: 'key' })
  switch (status) {
    case 401:
      return err({ kind: 'key' })
    case 402:
      return err({ kind: 'credits', message })
    case 404: // Of a host that has files only, a page; the API has words.
      return err(message === null ? { kind: 'unavailable' } : { kind: 'rejected', message })
    case 405:
    case 501:
      return err({ kind: 'unavailable' })
    case 409: // Our server does not know what came of it either, or has it still under way.
    case 504:
      return err({ kind: 'unknown' })
    case 413:
      return err({ kind: 'too-large' })
    case 429:
      return err({ kind: 'limited', until: readWait(headers, message, time), message })
  }
  return err({ kind: isRefusal(status, json) ? 'rejected' : 'upstream', message })
}

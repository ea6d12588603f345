import type { Handler } from 'hono'
import type { Result } from '../../src/lib/result.ts'
import { MINUTE } from '../../src/lib/units.ts'
import { createSecretScrub } from '../../src/upscayl/scrub.ts'
import { MIB, MOST_FORM_BYTES } from '../../src/upscayl/start-limits.ts'
import { readIdempotencyKey } from '../idempotency-key.ts'
import { createIntake, TooLong } from '../intake.ts'
import { keyedHash } from '../keyed-hash.ts'
import { requestIdOf } from '../request-id.ts'
import { type AskFailure, ask, type Question } from './ask.ts'
import { requestHeaders, START_HEADERS } from './headers.ts'
import { problem } from './problem.ts'
import { failureResponse, logFailure, type QuestionOptions } from './put-question.ts'
import { createStarts, NotNoted, type Outcome, type StartStore, startsInMemory } from './starts.ts'
import { createUpload, type Upload } from './upload.ts'

export const START_PATH = '/start-task'

const MOST_ANSWER_BYTES = 64 * 1024

export interface StartOptions extends Omit<QuestionOptions, 'timeoutMs'> {
  readonly uploadIdleMs?: number
  readonly now?: () => number
  /** Is told why something cannot be kept. */
  readonly onFault: (error: unknown) => void
  /** Where starts are kept that have to outlive the process. Their ids are hashes under `secret`. */
  readonly keeping?: { readonly starts: StartStore; readonly secret: Uint8Array<ArrayBuffer> }
}

/**
 * `POST /start-task`: sent on as it comes in, so that a form that breaks off here breaks off there, and
 * once for each Idempotency-Key.
 */
export function relayStart(options: StartOptions): Handler {
  const { uploadIdleMs = MINUTE, now = Date.now } = options
  const { starts: store, secret } = options.keeping ?? {
    starts: startsInMemory(now),
    secret: crypto.getRandomValues(new Uint8Array(32)),
  }
  const starts = createStarts(store, options.onFault)

  return async (c) => {
    const { headers, body, url } = c.req.raw
    if (!/^multipart\/form-data\s*;/i.test(headers.get('content-type') ?? '')) {
      return problem('NOT_MULTIPART')
    }
    const length = Number(headers.get('content-length') || Number.NaN)
    if (!Number.isInteger(length)) return problem('LENGTH_REQUIRED')
    if (length > MOST_FORM_BYTES) return TOO_LARGE()
    const mark = readIdempotencyKey(headers)
    if (mark?.usable === false) return problem('IDEMPOTENCY_KEY_UNUSABLE')

    const intake = createIntake(body, { mostBytes: MOST_FORM_BYTES, idleMs: uploadIdleMs })
    const send = (note?: () => void) => {
      const upload = createUpload(intake.chunks, length, uploadIdleMs, note)
      return sendStart(options, upload, {
        url: new URL(START_PATH, url),
        requestId: requestIdOf(c),
        method: 'POST',
        headers: requestHeaders(headers, START_HEADERS),
        body: upload.body,
      })
    }
    const key = headers.get('x-api-key') ?? ''
    const answer =
      mark === null
        ? (await send()).answer()
        : await starts(await keyedHash(secret, `${key}\n${mark.key}`), send)
    await intake.drain()
    return answer
  }
}

const TOO_LARGE = () =>
  problem('BODY_TOO_LARGE', {}, `It may have at most ${MOST_FORM_BYTES / MIB} MiB.`)

async function sendStart(
  { upstream, log }: StartOptions,
  upload: Upload,
  question: Question,
): Promise<Outcome> {
  const startedAt = performance.now()
  const limits = { deadline: upload.deadline, maxAnswerBytes: MOST_ANSWER_BYTES }
  const asked = await ask(upstream, question, limits)
  const fault = upload.fault()
  // Whatever was answered to a part of it, the browser is at fault.
  if (fault !== null && !upload.isSent()) return none(broken(fault))
  const effect = effectOf(asked, upload.isSent())
  const answer = asked.ok ? asked.value : failureOf(asked.error, effect, upload)
  logFailure(log, { question, asked, answer, startedAt })
  return { effect, ...(await copied(answer, question.headers.get('x-api-key') ?? '')) }
}

function broken(fault: unknown): Response {
  if (fault instanceof NotNoted) return fault.answer
  return fault instanceof TooLong ? TOO_LARGE() : problem('BODY_CUT_OFF')
}

const none = (answer: Response): Outcome => ({ effect: 'none', answer: () => answer })

/** Of an API that is unreachable a browser says that no task was started. */
const failureOf = (failure: AskFailure, effect: Outcome['effect'], upload: Upload): Response =>
  failure.kind === 'unreachable' && effect === 'unknown'
    ? problem('UPSTREAM_UNUSABLE', {}, 'All was sent, so a task may have been started.')
    : failureResponse(failure, upload.timeoutWords())

/** It is kept, so it must not hold the key, which an API may repeat. */
async function copied(answer: Response, key: string): Promise<Pick<Outcome, 'answer'>> {
  const { status } = answer
  const scrub = createSecretScrub(key)
  const headers = [...answer.headers].map(([name, value]): [string, string] => [name, scrub(value)])
  const body = answer.body === null ? null : scrub(await answer.text())
  return { answer: () => new Response(body, { status, headers }) }
}

/** 408 and 409 are no refusals: a server in between may have given up on one that goes on. */
const UNSURE: readonly number[] = [408, 409]

function effectOf(asked: Result<Response, AskFailure>, isSent: boolean): Outcome['effect'] {
  if (asked.ok) {
    const { status } = asked.value
    if (status < 300) return 'known'
    if (status < 500 && !UNSURE.includes(status)) return 'none'
  } else if (asked.error.kind === 'unreachable' && asked.error.unsent) {
    return 'none'
  }
  // A form without its end is none.
  return isSent ? 'unknown' : 'none'
}

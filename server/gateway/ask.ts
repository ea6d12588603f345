import { err, ok, type Result } from '../../src/lib/result.ts'
import type { Upstream } from '../upstream.ts'
import { readLimited } from './body.ts'
import { responseHeaders } from './headers.ts'

export interface Question {
  /** Of the request on whose behalf it is put; null where requests have none. */
  readonly requestId: string | null
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null
}

export interface AskLimits {
  readonly deadline: Deadline
  readonly maxAnswerBytes: number
}

/** Runs from its call to that of what it returns, and may give up in between. */
export type Deadline = (giveUp: () => void) => () => void

/** For the answer with all of its body. */
export const within =
  (ms: number): Deadline =>
  (giveUp) => {
    const timer = setTimeout(giveUp, ms)
    return () => clearTimeout(timer)
  }

/**
 * `code` is a system error such as ECONNREFUSED, where there is one. `unsent`: it is certain that nobody
 * was there to hear the question.
 */
export type AskFailure =
  | { readonly kind: 'timeout' }
  | { readonly kind: 'unreachable'; readonly code: string | null; readonly unsent: boolean }
  /** A redirect, an endless body, or a status that HTTP does not have. */
  | { readonly kind: 'unusable' }

class AnswerTimeout extends Error {}

/** Fetch wants it said of a body that is a stream. */
const HALF_DUPLEX = { duplex: 'half' } as const

const NULL_BODY_STATUSES: readonly number[] = [204, 205] // Fetch, 2.2.3; 304 is refused below

/**
 * Puts one question, once, and waits for the whole answer. It has no tie to the browser's request, but
 * for a body that is a stream: a question that was sent has its effect, and is not called back.
 */
export async function ask(
  upstream: Upstream,
  question: Question,
  limits: AskLimits,
): Promise<Result<Response, AskFailure>> {
  const controller = new AbortController()
  const { signal } = controller
  let giveUp = (): void => undefined
  // A race, because an upstream need not heed the signal.
  const timeout = new Promise<never>((_, reject) => {
    giveUp = () => {
      const reason = new AnswerTimeout()
      reject(reason)
      controller.abort(reason)
    }
  })
  const stop = limits.deadline(giveUp)
  try {
    return await Promise.race([exchange(upstream, question, limits, signal), timeout])
  } catch (error) {
    if (error instanceof AnswerTimeout) return err({ kind: 'timeout' })
    return err({ kind: 'unreachable', code: systemCode(error), unsent: isUnsent(error) })
  } finally {
    stop()
  }
}

/**
 * Held until they are done with: Node's fetch heeds the signal of a request by a weak reference, and would
 * leave a hanging connection open, were the request collected before the time is over.
 */
const underWay = new Set<Request>()

async function exchange(
  upstream: Upstream,
  { url, method, headers, body }: Question,
  { maxAnswerBytes }: AskLimits,
  signal: AbortSignal,
): Promise<Result<Response, AskFailure>> {
  const request = new Request(url, { method, headers, body, signal, ...HALF_DUPLEX })
  underWay.add(request)
  try {
    const answer = await upstream(request)
    if (!isUsable(answer.status)) {
      answer.body?.cancel().catch(() => undefined)
      return err({ kind: 'unusable' })
    }
    const bytes = await readLimited(answer.body, maxAnswerBytes, signal)
    if (bytes === null) return err({ kind: 'unusable' })
    const { status } = answer
    return ok(
      new Response(NULL_BODY_STATUSES.includes(status) ? null : bytes, {
        status,
        headers: responseHeaders(answer.headers),
      }),
    )
  } finally {
    underWay.delete(request)
  }
}

const isUsable = (status: number): boolean =>
  (status >= 200 && status < 300) || (status >= 400 && status < 600)

/** Only the code: the text of an error may quote what was sent, and so the key. */
const systemCode = (error: unknown): string | null =>
  wordsOf(error, 'code').find((code) => /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) ?? null

const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']
/** What Node was about when it failed. Other codes, such as EHOSTUNREACH, come of these and of others. */
const CONNECTING = ['connect', 'getaddrinfo']

const isUnsent = (error: unknown): boolean =>
  wordsOf(error, 'code').some((code) => NOT_CONNECTED.includes(code)) ||
  wordsOf(error, 'syscall').some((call) => CONNECTING.includes(call))

/** A field of an error, and of what caused it. */
function wordsOf(error: unknown, field: 'code' | 'syscall'): readonly string[] {
  return [error, error instanceof Error ? error.cause : null].flatMap((candidate) => {
    const word: unknown =
      typeof candidate === 'object' && candidate !== null ? Reflect.get(candidate, field) : null
    return typeof word === 'string' ? [word] : []
  })
}

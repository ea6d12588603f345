import { setTimeout as sleep } from 'node:timers/promises'
import { readWait } from '../../core/api/rate-limit.ts'
import { type RawResponse, withData } from '../../core/api/raw-response.ts'
import { SAMPLE_NAMES, SAMPLES } from '../../core/api/samples.ts'
import { MINUTE, SECOND } from '../../core/lib/units.ts'
import { brokenOff } from './broken-off.ts'
import { createHitCounter } from './request-counter.ts'

/*
 * Task IDs that each select one API response: every shared sample, and errors that need more than one
 * response to show. `~` and any suffix after an ID make a copy with a separate history
 * (`sentinel-flaky~2`), for tests that need a fresh one.
 */

const PREFIX = 'sentinel-'
/** Longer than any client should wait, regardless of the sandbox's pace. */
export const SLOW_MS = 20_000

export interface Question {
  /** Epoch milliseconds. */
  readonly now: number
  readonly origin: string
  /** Number of earlier requests for this ID. */
  readonly earlier: number
  /** Aborted when nobody is waiting any more. */
  readonly signal: AbortSignal
}

interface Sentinel {
  readonly says: string
  /** How long its 429 blocks all checks of the key, in ms; null if it sends none. */
  readonly blocksMs: number | null
  readonly answer: (request: Question) => Response | Promise<Response>
}

const send = ({ status, headers, body }: RawResponse): Response =>
  new Response(body, { status, headers })

const processed = ({ now, origin }: Question): RawResponse => SAMPLES.processed.reply(now, origin)

const changed = (reply: RawResponse, fields: Readonly<Record<string, unknown>>): Response =>
  send(withData(reply, fields))

const enhancing = ({ now, origin }: Question, progress: number): Response =>
  changed(SAMPLES.enhancing.reply(now, origin), { progress: String(progress) })

const limited = (retryAfter: string): Response =>
  Response.json(
    { error: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests.' },
    { status: 429, headers: { 'retry-after': retryAfter } },
  )

const DYNAMIC: Readonly<
  Record<string, Omit<Sentinel, 'blocksMs'> & { readonly blocksMs?: number }>
> = {
  slow: {
    says: 'Responds after 20 seconds',
    async answer(request) {
      await sleep(SLOW_MS, undefined, { signal: request.signal }).catch(() => undefined)
      return send(processed(request))
    },
  },
  stuck: {
    says: 'Enhancing, stuck at 42%',
    answer: (request) => enhancing(request, 42),
  },
  'credits-late': {
    says: 'Done, credits confirmed on the third check',
    answer: (request) => changed(processed(request), { creditsDeducted: request.earlier >= 2 }),
  },
  'cut-connection': {
    says: 'The connection breaks mid-response',
    answer: (request) => brokenOff(processed(request)),
  },
  '429-then-fine': {
    says: '429 with Retry-After: 5 at first, fine from then on',
    blocksMs: 5 * SECOND,
    answer: (request) => (request.earlier === 0 ? limited('5') : send(processed(request))),
  },
  '429-midway': {
    says: '429 with Retry-After: 60 on the third check, then done',
    blocksMs: MINUTE,
    answer(request) {
      if (request.earlier === 2) return limited('60')
      return request.earlier < 2
        ? enhancing(request, 20 * (request.earlier + 1))
        : send(processed(request))
    },
  },
  flaky: {
    says: 'Every other response is a 500, done after about ten',
    answer(request) {
      if (request.earlier % 2 === 1) return Response.json('Error getting data', { status: 500 })
      const progress = 10 * (request.earlier + 1)
      return progress < 100 ? enhancing(request, progress) : send(processed(request))
    },
  },
}

/** The wait that a 429 asks for, in a header or in its message. */
const waitOf = ({ status, headers, body }: RawResponse): number | null =>
  status === 429 ? readWait(new Headers(headers), body, 0) : null

const SENTINELS: ReadonlyMap<string, Sentinel> = new Map([
  ...SAMPLE_NAMES.map((name): [string, Sentinel] => [
    PREFIX + name,
    {
      says: SAMPLES[name].description,
      blocksMs: waitOf(SAMPLES[name].reply(0, '')),
      answer: ({ now, origin }) => send(SAMPLES[name].reply(now, origin)),
    },
  ]),
  ...Object.entries(DYNAMIC).map(([name, sentinel]): [string, Sentinel] => [
    PREFIX + name,
    { blocksMs: null, ...sentinel },
  ]),
])

/** Every sentinel's ID with a one-line description of its response. */
export const SENTINEL_LIST: readonly ({ readonly id: string } & Omit<Sentinel, 'answer'>)[] = [
  ...SENTINELS,
].map(([id, { answer: _, ...rest }]) => ({ id, ...rest }))

/** The original's ID for the ID of a copy. */
export const originalOf = (taskId: string): string => taskId.replace(/~.*$/s, '')

/** The sentinels of one sandbox, with their histories. */
export function createSentinels() {
  const hits = createHitCounter()

  /** The response of a sentinel, or null if the ID is not a sentinel's. */
  return (taskId: string, request: Omit<Question, 'earlier'>): Promise<Response> | null => {
    const sentinel = SENTINELS.get(originalOf(taskId))
    if (sentinel === undefined) return null
    return Promise.resolve(sentinel.answer({ ...request, earlier: hits.add(taskId) }))
  }
}

import { type Reply, withData } from '../../src/upscayl/reply.ts'
import { SAMPLE_NAMES, SAMPLES } from '../../src/upscayl/samples.ts'
import { brokenOff } from './broken-off.ts'
import { createTally } from './tally.ts'

/*
 * Task ids that ask for one answer of the API each: every shared sample, and faults that take more
 * than one answer to show. `~` and anything behind an id make a copy with a history of its own
 * (`sentinel-flaky~2`), for whoever needs a fresh one.
 */

const PREFIX = 'sentinel-'
/** Longer than any client should wait, and not shortened by the sandbox's pace. */
export const SLOW_MS = 20_000

export interface Question {
  /** Epoch milliseconds. */
  readonly now: number
  readonly origin: string
  /** How often this id was asked before. */
  readonly earlier: number
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal
}

interface Sentinel {
  readonly says: string
  readonly answer: (question: Question) => Response | Promise<Response>
}

const send = ({ status, headers, body }: Reply): Response => new Response(body, { status, headers })

const processed = ({ now, origin }: Question): Reply => SAMPLES.processed.reply(now, origin)

const changed = (reply: Reply, fields: Readonly<Record<string, unknown>>): Response =>
  send(withData(reply, fields))

const enhancing = ({ now, origin }: Question, progress: number): Response =>
  changed(SAMPLES.enhancing.reply(now, origin), { progress: String(progress) })

const limited = (retryAfter: string): Response =>
  Response.json(
    { error: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests.' },
    { status: 429, headers: { 'retry-after': retryAfter } },
  )

const DYNAMIC: Readonly<Record<string, Sentinel>> = {
  slow: {
    says: 'Answers after twenty seconds',
    async answer(question) {
      await patience(SLOW_MS, question.signal)
      return send(processed(question))
    },
  },
  stuck: {
    says: 'At work, 42 %, for ever',
    answer: (question) => enhancing(question, 42),
  },
  'credits-late': {
    says: 'Done; its credits are confirmed at the third look',
    answer: (question) => changed(processed(question), { creditsDeducted: question.earlier >= 2 }),
  },
  'cut-connection': {
    says: 'The connection breaks in the middle of the answer',
    answer: (question) => brokenOff(processed(question)),
  },
  '429-then-fine': {
    says: '429 with Retry-After: 5 at first, fine from then on',
    answer: (question) => (question.earlier === 0 ? limited('5') : send(processed(question))),
  },
  '429-midway': {
    says: '429 with Retry-After: 60 at the third look, then done',
    answer(question) {
      if (question.earlier === 2) return limited('60')
      return question.earlier < 2
        ? enhancing(question, 20 * (question.earlier + 1))
        : send(processed(question))
    },
  },
  flaky: {
    says: 'Every other answer is a 500; ends after about ten',
    answer(question) {
      if (question.earlier % 2 === 1) return Response.json('Error getting data', { status: 500 })
      const progress = 10 * (question.earlier + 1)
      return progress < 100 ? enhancing(question, progress) : send(processed(question))
    },
  },
}

const SENTINELS: ReadonlyMap<string, Sentinel> = new Map([
  ...SAMPLE_NAMES.map((name): [string, Sentinel] => [
    PREFIX + name,
    {
      says: SAMPLES[name].says,
      answer: ({ now, origin }) => send(SAMPLES[name].reply(now, origin)),
    },
  ]),
  ...Object.entries(DYNAMIC).map(([name, sentinel]): [string, Sentinel] => [
    PREFIX + name,
    sentinel,
  ]),
])

/** Every sentinel's id with one line on what it answers. */
export const SENTINEL_LIST: readonly { readonly id: string; readonly says: string }[] = [
  ...SENTINELS,
].map(([id, { says }]) => ({ id, says }))

/** The id that a copy is of. */
export const originalOf = (taskId: string): string => taskId.replace(/~.*$/s, '')

/** The histories of one sandbox's sentinels. */
export function createSentinels() {
  const asked = createTally()

  /** The answer of a sentinel, or null where the id is of none. */
  return (taskId: string, question: Omit<Question, 'earlier'>): Promise<Response> | null => {
    const sentinel = SENTINELS.get(originalOf(taskId))
    if (sentinel === undefined) return null
    return Promise.resolve(sentinel.answer({ ...question, earlier: asked.add(taskId) }))
  }
}

/** Resolves after `ms`, or at once when `signal` is aborted. */
function patience(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}

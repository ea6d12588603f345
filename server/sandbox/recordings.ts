import { createHash } from 'node:crypto'
import { formatSpan } from '../../src/lib/format.ts'
import { ok, type Result } from '../../src/lib/result.ts'
import { type RecordedAnswer, type Recording, readRecording } from '../../src/upscayl/recording.ts'
import { replyAt } from '../../src/upscayl/replay.ts'
import type { Reply } from '../../src/upscayl/reply.ts'
import { TASK_RULES } from '../../src/upscayl/task.ts'
import { readTask } from '../../src/upscayl/wire.ts'
import { brokenOff } from './broken-off.ts'
import { originalOf } from './sentinels.ts'
import type { Recordings, StoredRecording } from './store/recordings.ts'

/*
 * Recordings served as tasks: whoever asks for one sees what was seen when it was made, in its own
 * time, whatever the pace of the sandbox. `~` and anything behind the id make a copy with a clock of
 * its own, as with sentinels.
 */

export interface Shelf {
  /** Keeps a recording's file. The same one twice is one. The error is a sentence for a person. */
  readonly add: (text: string) => Result<StoredRecording, string>
  readonly list: () => readonly StoredRecording[]
  /** What was answered at the same distance from the first question; null where the id is of none. */
  readonly answer: (taskId: string, origin: string) => Response | null
}

/** Anybody can invent copies, so only so many clocks run: the oldest stops, and its copy starts anew. */
const MOST_CLOCKS = 10_000

export function createShelf(store: Recordings, now: () => number): Shelf {
  /** When each was first asked for, epoch ms. In memory: after a restart every recording starts anew. */
  const clocks = new Map<string, number>()

  const startOf = (taskId: string): number => {
    const known = clocks.get(taskId)
    if (known !== undefined) return known
    const [oldest] = clocks.keys()
    if (clocks.size >= MOST_CLOCKS && oldest !== undefined) clocks.delete(oldest)
    const start = now()
    clocks.set(taskId, start)
    return start
  }

  return {
    list: store.list,
    add(text) {
      const read = readRecording(text)
      if (!read.ok) return read
      const content = JSON.stringify(read.value)
      const hash = createHash('sha256').update(content).digest('hex').slice(0, 8)
      const stored = { id: `recording-${hash}`, says: sayingOf(read.value) }
      store.add(stored, content)
      return ok(stored)
    },
    answer(taskId, origin) {
      const content = store.content(originalOf(taskId))
      const recording = content === undefined ? null : readRecording(content)
      const [first] = recording?.ok ? recording.value.answers : []
      if (!recording?.ok || first === undefined) return null
      const start = startOf(taskId)
      const elapsed = now() - start
      const current =
        recording.value.answers.findLast(
          ({ answeredAt }) => answeredAt - first.askedAt <= elapsed,
        ) ?? first
      if (current.kind === 'silence') return brokenOff(LOST)
      return send(staged(current, { base: origin, start, first, now: now() }))
    },
  }
}

/** Stands for an answer that never came. */
const LOST: Reply = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"status":"success","data":{}}',
}

interface Scene {
  readonly base: string
  readonly start: number
  readonly first: RecordedAnswer
  readonly now: number
}

/**
 * Times of the task run with the recording's clock. Those of the answer itself (Date, Retry-After) are
 * as far from now as they were when it came, also where it is given for the hundredth time.
 */
function staged(
  { answeredAt, reply }: RecordedAnswer & { readonly kind: 'reply' },
  { base, start, first, now }: Scene,
): Reply {
  const { status, body } = replyAt(reply, { base, shift: start - first.askedAt })
  return { status, headers: replyAt(reply, { base, shift: now - answeredAt }).headers, body }
}

const NULL_BODY_STATUSES: readonly number[] = [204, 205, 304] // Fetch, 2.2.3

const send = ({ status, headers, body }: Reply): Response =>
  new Response(NULL_BODY_STATUSES.includes(status) ? null : body, { status, headers })

/** "12 answers over 42 s; at the end: Processed". */
function sayingOf({ answers }: Recording): string {
  const [first, last] = [answers[0], answers.at(-1)]
  const span = formatSpan((last?.answeredAt ?? 0) - (first?.askedAt ?? 0))
  const count = answers.length === 1 ? '1 answer' : `${answers.length} answers`
  return `${count} over ${span}; at the end: ${last === undefined ? 'nothing' : endOf(last)}`
}

function endOf(answer: RecordedAnswer): string {
  if (answer.kind === 'silence') return 'no answer'
  const { status, body } = answer.reply
  const task = status === 200 ? readTask(parse(body)) : null
  return task?.ok ? TASK_RULES[task.value.kind].label : `error ${status}`
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

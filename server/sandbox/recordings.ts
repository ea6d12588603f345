import { createHash } from 'node:crypto'
import type { RawResponse } from '../../core/api/raw-response.ts'
import { type RecordedResponse, type Recording, readRecording } from '../../core/api/recording.ts'
import { replyAt } from '../../core/api/replay.ts'
import { TASK_RULES } from '../../core/api/task.ts'
import { parseTask } from '../../core/api/wire.ts'
import { LruMap } from '../../core/lib/lru-map.ts'
import { parseJson } from '../../core/lib/parse-json.ts'
import { ok, type Result } from '../../core/lib/result.ts'
import { formatSpan } from '../../core/lib/units.ts'
import type { Database } from '../database.ts'
import { brokenOff } from './broken-off.ts'
import { originalOf } from './sentinels.ts'

/*
 * Recordings served as tasks: a client gets the recorded responses with their original timing,
 * independent of the sandbox's pace. `~` and any suffix after the ID make a copy with a separate clock,
 * as with sentinels.
 */

interface StoredRecording {
  readonly id: string
  /** One-line description. */
  readonly says: string
}

export interface RecordingStore {
  /** Stores a recording's file, without duplicates. The error is a sentence for a person. */
  readonly add: (text: string) => Result<StoredRecording, string>
  /** Newest first. */
  readonly list: () => readonly StoredRecording[]
  /** The response recorded at the same time after the first request; null if the ID has no recording. */
  readonly responseFor: (taskId: string, origin: string) => Response | null
}

/** Maximum number of stored recordings. */
const MAX_RECORDINGS = 50

/** Limits the clocks, because anyone can make up copies: the oldest is dropped, and its copy restarts. */
const MAX_CLOCKS = 10_000

export function createRecordingStore(db: Database, now: () => number): RecordingStore {
  /** Time of each ID's first request, epoch ms. In memory: after a restart every recording starts over. */
  const clocks = new LruMap<string, number>(MAX_CLOCKS)

  const startOf = (taskId: string): number => {
    const start = clocks.get(taskId) ?? now()
    if (!clocks.has(taskId)) clocks.set(taskId, start)
    return start
  }

  return {
    list: () => db.all<StoredRecording>('SELECT id, says FROM recordings ORDER BY seq DESC'),
    add(text) {
      const read = readRecording(text)
      if (!read.ok) return read
      const content = JSON.stringify(read.value)
      const hash = createHash('sha256').update(content).digest('hex').slice(0, 8)
      const stored = { id: `recording-${hash}`, says: describe(read.value) }
      // Replaces one with the same ID, as the newest; beyond the maximum, deletes the oldest.
      db.transaction(() => {
        db.run(
          'INSERT OR REPLACE INTO recordings (id, says, content) VALUES (?, ?, ?)',
          ...[stored.id, stored.says, content],
        )
        db.run(
          'DELETE FROM recordings WHERE seq NOT IN (SELECT seq FROM recordings ORDER BY seq DESC LIMIT ?)',
          MAX_RECORDINGS,
        )
      })
      return ok(stored)
    },
    responseFor(taskId, origin) {
      const stored = db.get<{ content: string }>(
        'SELECT content FROM recordings WHERE id = ?',
        originalOf(taskId),
      )
      const recording = stored && readRecording(stored.content)
      const [first] = recording?.ok ? recording.value.answers : []
      if (!recording?.ok || first === undefined) return null
      const start = startOf(taskId)
      const elapsed = now() - start
      const current =
        recording.value.answers.findLast(
          ({ answeredAt }) => answeredAt - first.askedAt <= elapsed,
        ) ?? first
      if (current.kind === 'silence') return brokenOff(LOST)
      return send(replay(current, { base: origin, start, first, now: now() }))
    },
  }
}

/** Represents a response that never arrived. */
const LOST: RawResponse = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"status":"success","data":{}}',
}

interface Scene {
  readonly base: string
  readonly start: number
  readonly first: RecordedResponse
  readonly now: number
}

/**
 * The task's times follow the recording's clock. Those of the response itself (Date, Retry-After) are as
 * far from now as they were on receipt, however often it is repeated.
 */
function replay(
  { answeredAt, reply }: RecordedResponse & { readonly kind: 'reply' },
  { base, start, first, now }: Scene,
): RawResponse {
  const { status, body } = replyAt(reply, { base, shift: start - first.askedAt })
  return { status, headers: replyAt(reply, { base, shift: now - answeredAt }).headers, body }
}

const NULL_BODY_STATUSES: readonly number[] = [204, 205, 304] // Fetch, 2.2.3

const send = ({ status, headers, body }: RawResponse): Response =>
  new Response(NULL_BODY_STATUSES.includes(status) ? null : body, { status, headers })

/** "12 responses over 42 s, then Done". */
function describe({ answers }: Recording): string {
  const [first, last] = [answers[0], answers.at(-1)]
  const span = formatSpan((last?.answeredAt ?? 0) - (first?.askedAt ?? 0))
  const count = answers.length === 1 ? '1 response' : `${answers.length} responses`
  return `${count} over ${span}, then ${last === undefined ? 'nothing' : endOf(last)}`
}

function endOf(last: RecordedResponse): string {
  if (last.kind === 'silence') return 'no response'
  const { status, body } = last.reply
  const task = status === 200 ? parseTask(parseJson(body)) : null
  return task?.ok ? TASK_RULES[task.value.kind].label : `error ${status}`
}

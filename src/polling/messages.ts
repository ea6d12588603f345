import * as v from 'valibot'
import type { ApiError } from '../upscayl/errors.ts'
import { taskSchema } from '../upscayl/task-schema.ts'
import { MOST_OBSERVATIONS, ODDITIES, type TaskRecord } from './task-record.ts'

/*
 * What the tabs of one key tell each other over a BroadcastChannel. Another tab may run another
 * version of Loupe, so what it says is parsed; what is not understood is not for this tab.
 */

const time = v.nullable(v.number())
const message = v.nullable(v.string())

const error: v.GenericSchema<unknown, ApiError> = v.variant('kind', [
  v.object({ kind: v.picklist(['network', 'unreachable', 'timeout', 'key', 'missing']) }),
  v.object({ kind: v.literal('credits'), message }),
  v.object({ kind: v.literal('limited'), until: time, message }),
  v.object({ kind: v.picklist(['rejected', 'upstream']), status: v.number(), message }),
])

const record: v.GenericSchema<unknown, TaskRecord> = v.object({
  task: v.nullable(taskSchema),
  seenAt: time,
  seenAskedAt: time,
  firstAskedAt: time,
  askedAt: time,
  questions: v.number(),
  failure: v.nullable(v.object({ error, at: v.number() })),
  failures: v.number(),
  observations: v.pipe(
    v.array(
      v.object({
        at: v.number(),
        phase: v.picklist(['idle', 'active', 'unknown']),
        progress: v.nullable(v.number()),
      }),
    ),
    v.maxLength(MOST_OBSERVATIONS),
  ),
  checks: v.number(),
  endSeenAt: time,
  wentBackFrom: time,
  clockSkew: v.number(),
  receipt: v.object({ question: time, at: time, odd: v.array(v.picklist(ODDITIES)) }),
})

const next = v.variant('kind', [
  v.object({
    kind: v.literal('ask'),
    at: v.number(),
    why: v.picklist(['due', 'backoff', 'confirming', 'allowance']),
  }),
  v.object({ kind: v.literal('waiting'), why: v.literal('in-flight') }),
  v.object({
    kind: v.literal('never'),
    why: v.picklist(['settled', 'unconfirmed', 'no-allowance']),
  }),
])

const tab = v.string()

const schema = v.variant('type', [
  /** A tab opened, came to be seen, or follows other tasks than before. */
  v.object({ type: v.literal('hello'), tab, follows: v.array(v.string()) }),
  /** The asking tab says so, and when each task is asked next. */
  v.object({
    type: v.literal('asker'),
    tab,
    visible: v.boolean(),
    plan: v.record(v.string(), next),
  }),
  /** What is now known of a task. */
  v.object({ type: v.literal('record'), id: v.string(), record }),
  /** Somebody wants a task asked now. */
  v.object({ type: v.literal('ask'), id: v.string() }),
])

export type TabMessage = v.InferOutput<typeof schema>

/** Null for what this version does not understand. */
export function readMessage(data: unknown): TabMessage | null {
  const parsed = v.safeParse(schema, data)
  return parsed.success ? parsed.output : null
}

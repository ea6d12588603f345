import * as v from 'valibot'
import type { ApiError } from '../upscayl/errors.ts'
import { instant, taskSchema } from '../upscayl/task-schema.ts'
import { credible, MOST_OBSERVATIONS, ODDITIES, type TaskRecord } from './task-record.ts'

const time = v.nullable(instant)
const message = v.nullable(v.string())

const error: v.GenericSchema<unknown, ApiError> = v.variant('kind', [
  v.object({ kind: v.picklist(['network', 'unreachable', 'timeout', 'key']) }),
  // An earlier Loupe kept no words.
  v.object({ kind: v.literal('missing'), message: v.optional(message, null) }),
  v.object({ kind: v.literal('credits'), message }),
  v.object({ kind: v.literal('limited'), until: v.nullable(v.number()), message }),
  v.object({ kind: v.literal('rejected'), status: v.number(), message }),
  // An earlier Loupe took Retry-After for a word about the key.
  v.object({
    kind: v.literal('upstream'),
    status: v.number(),
    message,
    until: v.optional(v.nullable(v.number()), null),
  }),
])

const record = v.object({
  // An earlier Loupe started no tasks.
  startedAt: v.optional(time, null),
  announced: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0))), null),
  task: v.nullable(taskSchema),
  seenAt: time,
  seenAskedAt: time,
  firstAskedAt: time,
  askedAt: time,
  questions: v.number(),
  failure: v.nullable(v.object({ error, at: instant })),
  failures: v.number(),
  // An earlier Loupe knew neither.
  refusals: v.optional(v.number(), 0),
  filesPending: v.optional(v.nullable(v.boolean()), null),
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
  wentBackFrom: v.nullable(v.number()),
  clockSkew: v.pipe(v.number(), v.transform(credible)),
  recalled: v.boolean(),
  receipt: v.object({
    question: v.nullable(v.number()),
    at: time,
    odd: v.pipe(v.array(v.picklist(ODDITIES)), v.maxLength(ODDITIES.length)),
  }),
})

/** The door for a record that was kept or sent by Loupe itself. */
export const recordSchema: v.GenericSchema<unknown, TaskRecord> = v.pipe(
  record,
  v.transform(({ filesPending, ...rest }) => ({
    ...rest,
    // An earlier Loupe asked no more for the files of a result that came without any.
    filesPending: filesPending ?? (rest.task?.kind === 'processed' && rest.task.files.length === 0),
  })),
)

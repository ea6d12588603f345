import * as v from 'valibot'
import type { ApiError } from '../api/errors.ts'
import { instant, taskSchema } from '../api/task-schema.ts'
import { ANOMALIES, credible, MAX_OBSERVATIONS, type TaskRecord } from './task-record.ts'

const time = v.nullable(instant)
const message = v.nullable(v.string())
// Missing in earlier versions, and where it is the API's.
const by = v.optional(v.literal('loupe'))

const error: v.GenericSchema<unknown, ApiError> = v.variant('kind', [
  v.object({ kind: v.picklist(['network', 'unreachable', 'timeout', 'key']) }),
  // Missing in earlier versions.
  v.object({ kind: v.literal('missing'), message: v.optional(message, null) }),
  v.object({ kind: v.literal('credits'), message }),
  v.object({ kind: v.literal('limited'), until: v.nullable(v.number()), message, by }),
  v.object({ kind: v.literal('rejected'), status: v.number(), message, by }),
  // `until` is missing in earlier versions, which applied Retry-After to the key.
  v.object({
    kind: v.literal('upstream'),
    status: v.number(),
    message,
    by,
    until: v.optional(v.nullable(v.number()), null),
  }),
])

/** Field names of version 0.1.0, in stored lists, exports, links and messages of a tab that runs it. */
const EARLIER_NAMES = new Map([
  ['announced', 'quotedCredits'],
  ['seenAskedAt', 'seenRequestedAt'],
  ['firstAskedAt', 'firstRequestedAt'],
  ['askedAt', 'requestedAt'],
  ['questions', 'requestCount'],
  ['checks', 'confirmationChecks'],
  ['wentBackFrom', 'peakProgress'],
  ['recalled', 'restored'],
  ['receipt', 'deduction'],
  ['question', 'requestNumber'],
  ['odd', 'anomalies'],
])

/** The later of two fields wins: what opens a link puts defaults before the fields that it has. */
const renamed = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((fields) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [EARLIER_NAMES.get(name) ?? name, value]),
    ),
  ),
)

const record = v.object({
  // Missing in earlier versions, which started no tasks.
  startedAt: v.optional(time, null),
  quotedCredits: v.optional(v.nullable(v.pipe(v.number(), v.minValue(0))), null),
  task: v.nullable(taskSchema),
  seenAt: time,
  seenRequestedAt: time,
  firstRequestedAt: time,
  requestedAt: time,
  requestCount: v.number(),
  failure: v.nullable(v.object({ error, at: instant })),
  failures: v.number(),
  // Missing in earlier versions.
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
    v.maxLength(MAX_OBSERVATIONS),
  ),
  confirmationChecks: v.number(),
  endSeenAt: time,
  peakProgress: v.nullable(v.number()),
  clockSkew: v.pipe(v.number(), v.transform(credible)),
  restored: v.boolean(),
  deduction: v.pipe(
    renamed,
    v.object({
      requestNumber: v.nullable(v.number()),
      at: time,
      anomalies: v.pipe(v.array(v.picklist(ANOMALIES)), v.maxLength(ANOMALIES.length)),
    }),
  ),
})

/** Parses a record that Loupe itself stored or sent. */
export const recordSchema: v.GenericSchema<unknown, TaskRecord> = v.pipe(
  renamed,
  record,
  v.transform(({ filesPending, ...rest }) => ({
    ...rest,
    // Earlier versions stopped checking a result that came without files.
    filesPending: filesPending ?? (rest.task?.kind === 'processed' && rest.task.files.length === 0),
  })),
)

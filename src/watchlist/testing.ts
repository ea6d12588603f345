import fc from 'fast-check'
import {
  recordAnswer,
  type Start,
  type TaskRecord,
  UNASKED,
  withStart,
} from '../polling/task-record.ts'
import type { Understood } from '../upscayl/read-answer.ts'
import { readReply } from '../upscayl/read-reply.ts'
import { SAMPLE_NAMES, SAMPLES, type SampleName } from '../upscayl/samples.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import { type Entry, newEntry, withRecord } from './entry.ts'

/** When the first question of a test is asked, and what the times of its samples are relative to. */
export const T0 = Date.UTC(2026, 0, 1, 12)
/** Between two questions of a test. */
export const STEP = 60_000

export const asId = (text: string) => text as TaskId

export const answerOf = (name: SampleName, at: number): Understood =>
  readReply(SAMPLES[name].reply(at, 'https://files.example'), at)

/** What is known after these answers, one each STEP from `from` on. Each arrives at once. */
export const recordAfter = (
  names: readonly SampleName[],
  from = T0,
  start: Start = UNASKED,
): TaskRecord =>
  names.reduce(
    (record, name, n) => {
      const at = from + n * STEP
      return recordAnswer(record, answerOf(name, at), at, at)
    },
    withStart(UNASKED, start),
  )

/** An entry that was added at `from` and got these answers since. */
export const entryAfter = (
  id: string,
  names: readonly SampleName[],
  from = T0,
  start: Start = UNASKED,
): Entry => withRecord(newEntry(asId(id), from), recordAfter(names, from, start))

export const anyId: fc.Arbitrary<TaskId> = fc
  .oneof(fc.uuid(), fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/))
  .map(asId)

export const anySamples = fc.array(fc.constantFrom(...SAMPLE_NAMES), { maxLength: 4 })

const anyStart: fc.Arbitrary<Start> = fc.oneof(
  fc.constant(UNASKED),
  fc.record({ startedAt: fc.constant(T0), announced: fc.option(fc.nat(100)) }),
)

export const anyEntry: fc.Arbitrary<Entry> = fc
  .record({
    id: anyId,
    names: anySamples,
    from: fc.integer({ min: T0 - 10 * 86_400_000, max: T0 }),
    start: anyStart,
  })
  .map(({ id, names, from, start }) => entryAfter(id, names, from, start))

export const anyEntries = fc.uniqueArray(anyEntry, { maxLength: 12, selector: ({ id }) => id })

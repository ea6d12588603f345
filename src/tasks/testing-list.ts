import fc from 'fast-check'
import type { ParsedResponse } from '../../core/api/parse-response.ts'
import { parseRecordedResponse } from '../../core/api/replay.ts'
import { SAMPLE_NAMES, SAMPLES, type SampleName } from '../../core/api/samples.ts'
import type { Settings } from '../../core/api/task.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { recordResponse } from '../../core/record/record-response.ts'
import {
  EMPTY_RECORD,
  type Start,
  type TaskRecord,
  withStart,
} from '../../core/record/task-record.ts'
import { type Annotation, cleanLabels, cleanNote } from './annotation.ts'
import type { OwnUpload, TaskSource } from './task-source.ts'
import { newTrackedTask, type TrackedTask, withRecord, withUpload } from './tracked-task.ts'

/** Time of a test's first request, which the times of its samples are relative to. */
export const T0 = Date.UTC(2026, 0, 1, 12)
/** Interval between two requests of a test. */
export const STEP = 60_000

export const asId = (text: string) => text as TaskId

export const answerOf = (name: SampleName, at: number): ParsedResponse =>
  parseRecordedResponse(SAMPLES[name].reply(at, 'https://files.example'), at)

/** The record after these responses, one each STEP from `from` on. Each arrives immediately. */
export const recordAfter = (
  names: readonly SampleName[],
  from = T0,
  start: Start = EMPTY_RECORD,
): TaskRecord =>
  names.reduce(
    (record, name, n) => {
      const at = from + n * STEP
      return recordResponse(record, answerOf(name, at), at, at)
    },
    withStart(EMPTY_RECORD, start),
  )

/** An entry that was added at `from` and got these responses since. */
export const entryAfter = (
  id: string,
  names: readonly SampleName[],
  from = T0,
  start: Start = EMPTY_RECORD,
): TrackedTask => withRecord(newTrackedTask(asId(id), from), recordAfter(names, from, start))

export const anyId: fc.Arbitrary<TaskId> = fc
  .oneof(fc.uuid(), fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/))
  .map(asId)

/** A transparent pixel. */
export const THUMB =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

export const OWN_SETTINGS: Settings = {
  model: 'nature-boost-4x',
  scale: { kind: 'known', factor: 4 },
  saveImageAs: 'png',
  compression: null,
  batchMode: null,
  enhanceFace: false,
}

/** An upload from this browser. */
export const UPLOAD: OwnUpload = {
  source: { name: 'tram.jpg', more: 0, others: [], thumb: THUMB, width: 640, height: 480 },
  settings: OWN_SETTINGS,
  earlier: asId('earlier-1'),
}

export const anySamples = fc.array(fc.constantFrom(...SAMPLE_NAMES), { maxLength: 4 })

const anyStart: fc.Arbitrary<Start> = fc.oneof(
  fc.constant(EMPTY_RECORD),
  fc.record({ startedAt: fc.constant(T0), quotedCredits: fc.option(fc.nat(100)) }),
)

const anySource: fc.Arbitrary<TaskSource> = fc.record({
  name: fc.string(),
  more: fc.nat(9),
  others: fc.array(fc.string(), { maxLength: 3 }),
  thumb: fc.constantFrom(null, THUMB),
  width: fc.option(fc.nat(9000)),
  height: fc.option(fc.nat(9000)),
})

/** The upload's data in this browser, or null. */
const anyUpload: fc.Arbitrary<OwnUpload | null> = fc.option(
  fc.record({
    source: anySource,
    settings: fc.constant(OWN_SETTINGS),
    earlier: fc.option(anyId),
  }),
)

const anyAnnotation: fc.Arbitrary<Annotation | null> = fc.option(
  fc.record({
    labels: fc.array(fc.string(), { maxLength: 4 }).map(cleanLabels),
    note: fc.string({ unit: 'grapheme' }).map(cleanNote),
    changedAt: fc.integer({ min: T0, max: T0 + 2 }),
  }),
)

export const anyEntry: fc.Arbitrary<TrackedTask> = fc
  .record({
    upload: anyUpload,
    thumb: fc.constantFrom(null, THUMB),
    annotation: anyAnnotation,
    id: anyId,
    names: anySamples,
    from: fc.integer({ min: T0 - 10 * 86_400_000, max: T0 }),
    start: anyStart,
  })
  .map(({ id, names, from, start, upload, thumb, annotation }) => {
    const entry = { ...entryAfter(id, names, from, start), thumb, annotation }
    return upload === null ? entry : withUpload(entry, upload)
  })

export const anyEntries = fc.uniqueArray(anyEntry, { maxLength: 12, selector: ({ id }) => id })

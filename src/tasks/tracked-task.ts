import * as v from 'valibot'
import { signedEnd, withoutLinks } from '../../core/api/file-links.ts'
import {
  instant,
  isTerminal,
  type Settings,
  settingsSchema,
  type Task,
  type TaskFile,
} from '../../core/api/task.ts'
import { type TaskId, taskIdSchema } from '../../core/api/task-id.ts'
import { placeOf } from '../../core/lib/link-path.ts'
import { EMPTY_RECORD, recordSchema, type TaskRecord } from '../../core/record/task-record.ts'
import { type Annotation, type AnnotationChange, annotate, annotationSchema } from './annotation.ts'
import {
  type OwnUpload,
  sourceSchema,
  type TaskSource,
  thumbSchema,
  toStorableSource,
} from './task-source.ts'

/** A task of the list with its stored record. */
export interface TrackedTask {
  readonly id: TaskId
  /** When it was added to the list, or created according to the API's history. Epoch milliseconds. */
  readonly addedAt: number
  /** The image that this browser started the task with; null for other tasks. */
  readonly source: TaskSource | null
  /** Settings that this browser started the task with; null for other tasks. */
  readonly settings: Settings | null
  /** The task with whose image or result it was started in this browser; null for none. */
  readonly earlier: TaskId | null
  /** Thumbnail of the first result as a data URL, from when its link could be read; null for none. */
  readonly thumb: string | null
  /** Labels and a note of the user; null for none yet. */
  readonly annotation: Annotation | null
  /** Last known state, without file links; EMPTY_RECORD before the first response. */
  readonly record: TaskRecord
}

/** Maximum number of tasks in a list, and in one paste or link. */
export const MAX_ENTRIES = 5000

export const newTrackedTask = (id: TaskId, addedAt: number): TrackedTask => ({
  id,
  addedAt,
  source: null,
  settings: null,
  earlier: null,
  thumb: null,
  annotation: null,
  record: EMPTY_RECORD,
})

/** The entry after a request. */
export const withRecord = (entry: TrackedTask, record: TaskRecord): TrackedTask => ({
  ...entry,
  record: toStorable(record),
})

/** The entry of a task that this browser started. */
export const withUpload = (
  entry: TrackedTask,
  { source, settings, earlier }: OwnUpload,
): TrackedTask => ({
  ...entry,
  source: toStorableSource(source),
  settings: settings ?? entry.settings,
  // A task is none of its own.
  earlier: earlier === entry.id ? entry.earlier : (earlier ?? entry.earlier),
})

/** The entry after an edit of its labels or note; the same object if nothing changes. */
export const annotated =
  (change: AnnotationChange, at: number) =>
  (entry: TrackedTask | null): TrackedTask | null => {
    if (entry === null) return null
    const annotation = annotate(entry.annotation, change, at)
    return annotation === entry.annotation ? entry : { ...entry, annotation }
  }

/** The record without file links: anyone with a link can get the file, so none is stored. */
function toStorable(record: TaskRecord): TaskRecord {
  const { task, observations } = record
  return {
    ...record,
    restored: record.requestCount > 0 || task !== null,
    task: task && { ...task, files: task.files.map(keptFile(task)) },
    // Only needed to predict the end.
    observations: task !== null && isTerminal(task) ? [] : observations,
  }
}

/** Keeps one thumbnail per task, unless it is a link to the file itself, as in some responses. */
const keptFile =
  ({ files }: Task) =>
  (file: TaskFile): TaskFile => {
    const { thumbnailUrl } = file
    const shown = files.find((one) => one.thumbnailUrl !== null)
    const isLink = files.some((one) => isSameFile(one.downloadUrl, thumbnailUrl))
    return {
      ...withoutLinks(file, files.indexOf(file)),
      thumbnailUrl: file === shown && !isLink ? thumbnailUrl : null,
    }
  }

/** Whether two links lead to the same file, even with different signatures. */
const isSameFile = (one: string | null, other: string | null): boolean =>
  one !== null &&
  other !== null &&
  (one === other || (signedEnd(other) !== null && placeOf(one) === placeOf(other)))

/**
 * The entry of an exported or imported list: its author must not choose which images the reader's browser loads.
 * The names of a batch stay in the browser that has sent it, apart from the first.
 */
export const withoutImages = (entry: TrackedTask): TrackedTask => {
  const { task } = entry.record
  const source = entry.source && { ...entry.source, thumb: null, others: [] }
  const plain = { ...entry, source, thumb: null }
  if (task === null) return plain
  const files = task.files.map((file) => ({ ...file, thumbnailUrl: null }))
  return { ...plain, record: { ...entry.record, task: { ...task, files } } }
}

/** Result of reading one stored value. Values that cannot be parsed stay unchanged in storage. */
export type Stored =
  /** `old`: written by an earlier version, so it has to be rewritten. */
  | { readonly kind: 'entry'; readonly entry: TrackedTask; readonly old: boolean }
  /** Written by a newer version. */
  | { readonly kind: 'newer' }
  | { readonly kind: 'unreadable' }

/** Increases with each change of the stored format, together with a step in MIGRATIONS. */
export const VERSION = 8

const MIGRATIONS: Readonly<Record<number, (entry: TrackedTask) => TrackedTask>> = {
  // A file's ID may be a link to it.
  1: (entry) => withRecord(entry, entry.record),
  // The start was not stored; the schema has set it to null.
  2: (entry) => entry,
  // The schema has renamed the fields of the record, and set what was not stored to null.
  3: (entry) => entry,
  // Labels and notes were not stored; the schema has set them to null.
  4: (entry) => entry,
  // The earlier task was not stored; the schema has set it to null.
  5: (entry) => entry,
  // The number of images was not stored; the schema has set it to one.
  6: (entry) => entry,
  // The names of other images were not stored; the schema has set them to none.
  7: (entry) => entry,
}

const versioned = v.object({ version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) })
const schema: v.GenericSchema<unknown, TrackedTask> = v.object({
  id: taskIdSchema,
  addedAt: instant,
  source: v.optional(v.nullable(sourceSchema), null),
  settings: v.optional(v.nullable(settingsSchema), null),
  earlier: v.optional(v.nullable(taskIdSchema), null),
  thumb: v.optional(thumbSchema, null),
  annotation: v.optional(v.nullable(annotationSchema), null),
  record: recordSchema,
})

export const toStored = (entry: TrackedTask): object => ({ version: VERSION, ...entry })

/** Parses the output of `toStored`, of this version or an earlier one. Never throws. */
export function readStored(stored: unknown): Stored {
  const head = v.safeParse(versioned, stored)
  if (!head.success) return { kind: 'unreadable' }
  if (head.output.version > VERSION) return { kind: 'newer' }
  const parsed = v.safeParse(schema, stored)
  if (!parsed.success) return { kind: 'unreadable' }
  let entry = parsed.output
  for (let from = head.output.version; from < VERSION; from++)
    entry = MIGRATIONS[from]?.(entry) ?? entry
  return { kind: 'entry', entry, old: head.output.version < VERSION }
}

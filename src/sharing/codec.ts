import * as v from 'valibot'
import { MAX_MESSAGE_LENGTH } from '../../core/api/response-body.ts'
import { instant, type Settings, type TaskFile } from '../../core/api/task.ts'
import { taskIdSchema } from '../../core/api/task-id.ts'
import { withTexts } from '../../core/api/task-texts.ts'
import { visibilitySchema } from '../../core/api/visibility.ts'
import { parseJson } from '../../core/lib/parse-json.ts'
import { safeText } from '../../core/lib/safe-text.ts'
import { redact } from '../../core/record/redact.ts'
import { EMPTY_RECORD, recordSchema, type TaskRecord } from '../../core/record/task-record.ts'
import type { Snapshot, SnapshotTask } from './snapshot.ts'

/* Text encoding of a snapshot: JSON without default values, which reading restores. */

const SETTINGS: Settings = {
  model: null,
  scale: null,
  saveImageAs: null,
  compression: null,
  batchMode: null,
  enhanceFace: null,
}
const FILE: Omit<TaskFile, 'id'> = {
  originalName: null,
  storedName: null,
  type: null,
  size: null,
  dimensions: null,
  createdAt: null,
  expiresAt: null,
  downloadUrl: null,
  thumbnailUrl: null,
  failed: false,
}
const TASK = { progress: null, word: null, reason: null, settings: SETTINGS, files: [] }
const SEEN = { filesLeftOut: 0, thumb: null, record: EMPTY_RECORD }

/* Repetition compresses to almost nothing, so the length of a link does not bound its content. */
const MAX_TASKS = 1000
const MAX_FILES = 5000
export const MAX_BYTES = 1_000_000

export const writeSnapshot = (snapshot: Snapshot): string =>
  JSON.stringify({ ...snapshot, tasks: snapshot.tasks.map(encodeTask) })

/** Whether it can be decoded again. */
export const isReadable = ({ tasks }: Snapshot, written: string): boolean =>
  tasks.length <= MAX_TASKS &&
  tasks.every(({ record: { task } }) => task === null || task.files.length <= MAX_FILES) &&
  new Blob([written]).size <= MAX_BYTES

function encodeTask({ record, ...rest }: SnapshotTask): object {
  const { task } = record
  const written = task && {
    ...withoutDefaults(task, TASK),
    settings: withoutDefaults(task.settings, SETTINGS),
    // Files are identified by their position.
    files: task.files.map(({ id: _, ...file }) => withoutDefaults(file, FILE)),
  }
  return {
    ...withoutDefaults(rest, SEEN),
    record: { ...withoutDefaults(record, EMPTY_RECORD), task: written },
  }
}

/** Fields of `value` that differ from the defaults. */
const withoutDefaults = (value: object, defaults: object): object =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([name, it]) => JSON.stringify(it) !== JSON.stringify(Reflect.get(defaults, name)),
    ),
  )

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

/** Only an image: another URL would load, and tell its host who looks. */
const thumb = v.pipe(v.string(), v.regex(/^data:image\/(?:webp|png|jpeg);base64,[\w+/=]+$/))

const schema: v.GenericSchema<unknown, Snapshot> = v.object({
  at: instant,
  leftOut: count,
  shown: visibilitySchema,
  tasks: v.pipe(
    v.array(
      v.object({
        id: taskIdSchema,
        filesLeftOut: count,
        thumb: v.fallback(v.nullable(thumb), null),
        record: v.pipe(
          recordSchema,
          v.check(({ task }) => task === null || task.files.length <= MAX_FILES),
        ),
      }),
    ),
    v.check(({ length }) => length > 0),
    v.maxLength(MAX_TASKS),
  ),
})

/** Decodes the result of `writeSnapshot`, or returns null. Never throws. */
export function readSnapshot(text: string): Snapshot | null {
  const parsed = v.safeParse(schema, filledSnapshot(parseJson(text, dropAbsurdNumbers)))
  if (!parsed.success) return null
  const { shown, tasks } = parsed.output
  return {
    ...parsed.output,
    // A handmade snapshot may contain more than it claims to.
    tasks: tasks.map((task) => ({ ...task, record: redact(cleanTexts(task.record), shown) })),
  }
}

/** Cleans texts as the API boundary does. */
function cleanTexts(record: TaskRecord): TaskRecord {
  const { task, failure } = record
  const error = failure?.error
  const message = error !== undefined && 'message' in error ? error.message : null
  return {
    ...record,
    task: task && withTexts(task, safeText),
    failure:
      failure && message !== null && 'message' in failure.error
        ? {
            ...failure,
            error: { ...failure.error, message: safeText(message, MAX_MESSAGE_LENGTH) },
          }
        : failure,
  }
}

/** Drops absurd numbers, which no task has and which would fill a page with digits. */
const dropAbsurdNumbers = (_: string, value: unknown): unknown =>
  typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER ? null : value

function filledSnapshot(sent: unknown): unknown {
  if (!isObject(sent) || !Array.isArray(sent.tasks)) return null
  return { ...sent, tasks: sent.tasks.map(filledSeen) }
}

function filledSeen(sent: unknown): unknown {
  if (!isObject(sent) || !isObject(sent.record)) return null
  const record = { ...EMPTY_RECORD, ...sent.record }
  return { ...SEEN, ...sent, record: { ...record, task: restoreTask(record.task) } }
}

function restoreTask(sent: unknown): unknown {
  if (!isObject(sent)) return sent
  const { files = [] } = sent
  return {
    ...TASK,
    ...sent,
    settings: { ...SETTINGS, ...(isObject(sent.settings) ? sent.settings : {}) },
    files: Array.isArray(files) ? files.map(filledFile) : files,
  }
}

const filledFile = (sent: unknown, index: number): unknown =>
  isObject(sent) ? { ...FILE, ...sent, id: `file-${index}` } : sent

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

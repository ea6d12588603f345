import * as v from 'valibot'
import { safeText } from '../lib/safe-text.ts'
import { recordSchema } from '../polling/record-schema.ts'
import { shownOf } from '../polling/shown.ts'
import { type TaskRecord, UNASKED } from '../polling/task-record.ts'
import type { Settings, TaskFile } from '../upscayl/task.ts'
import { instant, taskIdSchema } from '../upscayl/task-schema.ts'
import { withTexts } from '../upscayl/task-texts.ts'
import { LONGEST_MESSAGE } from '../upscayl/wire.ts'
import type { Snapshot, SnapshotTask } from './snapshot.ts'

/* A snapshot as text: JSON without what is as usual, which is put back when it is read. */

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
}
const TASK = { progress: null, word: null, reason: null, settings: SETTINGS, files: [] }
const SEEN = { filesLeftOut: 0, record: UNASKED }

/* What is alike costs next to nothing in a link, so its length is no bound for what it holds. */
const MOST_TASKS = 1000
const MOST_FILES = 5000
export const MOST_BYTES = 1_000_000

export const writeSnapshot = (snapshot: Snapshot): string =>
  JSON.stringify({ ...snapshot, tasks: snapshot.tasks.map(writtenTask) })

/** Whether it will be read again. */
export const isReadable = ({ tasks }: Snapshot, written: string): boolean =>
  tasks.length <= MOST_TASKS &&
  tasks.every(({ record: { task } }) => task === null || task.files.length <= MOST_FILES) &&
  new Blob([written]).size <= MOST_BYTES

function writtenTask({ record, ...rest }: SnapshotTask): object {
  const { task } = record
  const written = task && {
    ...unlike(task, TASK),
    settings: unlike(task.settings, SETTINGS),
    // The place among them is what they are known by.
    files: task.files.map(({ id: _, ...file }) => unlike(file, FILE)),
  }
  return { ...unlike(rest, SEEN), record: { ...unlike(record, UNASKED), task: written } }
}

/** What of `value` is not as usual. */
const unlike = (value: object, usual: object): object =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([name, it]) => JSON.stringify(it) !== JSON.stringify(Reflect.get(usual, name)),
    ),
  )

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const schema: v.GenericSchema<unknown, Snapshot> = v.object({
  at: instant,
  leftOut: count,
  shown: v.object({ credits: v.boolean(), links: v.boolean() }),
  tasks: v.pipe(
    v.array(
      v.object({
        id: taskIdSchema,
        filesLeftOut: count,
        record: v.pipe(
          recordSchema,
          v.check(({ task }) => task === null || task.files.length <= MOST_FILES),
        ),
      }),
    ),
    v.check(({ length }) => length > 0),
    v.maxLength(MOST_TASKS),
  ),
})

/** Reads what `writeSnapshot` wrote, or null. Never throws. */
export function readSnapshot(text: string): Snapshot | null {
  const parsed = v.safeParse(schema, filledSnapshot(parse(text)))
  if (!parsed.success) return null
  const { shown, tasks } = parsed.output
  return {
    ...parsed.output,
    // Whoever made it by hand may have said one thing and done another.
    tasks: tasks.map((task) => ({ ...task, record: shownOf(harmless(task.record), shown) })),
  }
}

/** Texts as the door of the API would have let them in. */
function harmless(record: TaskRecord): TaskRecord {
  const { task, failure } = record
  const error = failure?.error
  const message = error !== undefined && 'message' in error ? error.message : null
  return {
    ...record,
    task: task && withTexts(task, safeText),
    failure:
      failure && message !== null && 'message' in failure.error
        ? { ...failure, error: { ...failure.error, message: safeText(message, LONGEST_MESSAGE) } }
        : failure,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text, withoutAbsurd)
  } catch {
    return null
  }
}

/** Numbers that no task has, and that would fill a page with digits, are as good as none. */
const withoutAbsurd = (_: string, value: unknown): unknown =>
  typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER ? null : value

function filledSnapshot(sent: unknown): unknown {
  if (!isObject(sent) || !Array.isArray(sent.tasks)) return null
  return { ...sent, tasks: sent.tasks.map(filledSeen) }
}

function filledSeen(sent: unknown): unknown {
  if (!isObject(sent) || !isObject(sent.record)) return null
  const record = { ...UNASKED, ...sent.record }
  return { ...SEEN, ...sent, record: { ...record, task: filledTask(record.task) } }
}

function filledTask(sent: unknown): unknown {
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

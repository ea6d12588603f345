import * as v from 'valibot'
import { placeOf } from '../lib/place-of.ts'
import { recordSchema } from '../polling/record-schema.ts'
import { withoutLinks } from '../polling/shown.ts'
import { type TaskRecord, UNASKED } from '../polling/task-record.ts'
import { signedEnd } from '../upscayl/link-end.ts'
import { isTerminal, type Task, type TaskFile } from '../upscayl/task.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import { instant, taskIdSchema } from '../upscayl/task-schema.ts'

/** A task of the list, and what is remembered of it. */
export interface Entry {
  readonly id: TaskId
  /** When it came to the list, epoch milliseconds. */
  readonly addedAt: number
  /** As last known, without links to files; UNASKED before the first answer. */
  readonly record: TaskRecord
}

/** The most tasks a list holds, and the most that one paste or link can bring. */
export const MOST_ENTRIES = 5000

export const newEntry = (id: TaskId, addedAt: number): Entry => ({ id, addedAt, record: UNASKED })

/** The entry after a question. */
export const withRecord = (entry: Entry, record: TaskRecord): Entry => ({
  ...entry,
  record: remembered(record),
})

/** A record as it may be remembered: a link to a file is the file, so none is kept. */
function remembered(record: TaskRecord): TaskRecord {
  const { task, observations } = record
  return {
    ...record,
    recalled: record.questions > 0,
    task: task && { ...task, files: task.files.map(keptFile(task)) },
    // They tell when the end is likely, which has come.
    observations: task !== null && isTerminal(task) ? [] : observations,
  }
}

/** One small picture stands for the task; some answers give the file itself as its picture. */
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

/** Whether two links give the same file, also where one was signed anew. */
const isSameFile = (one: string | null, other: string | null): boolean =>
  one !== null &&
  other !== null &&
  (one === other || (signedEnd(other) !== null && placeOf(one) === placeOf(other)))

/** The entry as it may be handed on: whoever made a list would else choose what its reader loads. */
export const withoutPictures = (entry: Entry): Entry => {
  const { task } = entry.record
  if (task === null) return entry
  const files = task.files.map((file) => ({ ...file, thumbnailUrl: null }))
  return { ...entry, record: { ...entry.record, task: { ...task, files } } }
}

/** What is read of one place in storage. What is not understood stays there as it is. */
export type Stored =
  /** `old`: an earlier Loupe wrote it, so it is to be written anew. */
  | { readonly kind: 'entry'; readonly entry: Entry; readonly old: boolean }
  /** Written by a later Loupe than this. */
  | { readonly kind: 'newer' }
  | { readonly kind: 'unreadable' }

/** Rises with each change of what is stored; MIGRATIONS then has the step from the one before. */
export const VERSION = 3

const MIGRATIONS: Readonly<Record<number, (entry: Entry) => Entry>> = {
  // It may know a file by nothing but a link to it.
  1: (entry) => withRecord(entry, entry.record),
  // Of a start nothing was kept, and the door has put null for it.
  2: (entry) => entry,
}

const versioned = v.object({ version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) })
const schema: v.GenericSchema<unknown, Entry> = v.object({
  id: taskIdSchema,
  addedAt: instant,
  record: recordSchema,
})

export const toStored = (entry: Entry): object => ({ version: VERSION, ...entry })

/** Reads what `toStored` wrote, in this version or an earlier one. Never throws. */
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

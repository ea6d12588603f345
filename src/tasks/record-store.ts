import type { TaskId } from '../../core/api/task-id.ts'
import { type TaskRecord, withStart } from '../../core/record/task-record.ts'
import { loadLater } from '../lib/load-later.ts'
import { createStore } from '../lib/store.ts'
import type { ApiKey } from '../session/api-key.ts'
import type { TaskList } from './task-list.ts'
import type { OwnUpload } from './task-source.ts'

/** Persistent records. The poller saves each response, and continues from an earlier visit's record. */
export interface RecordStore {
  /** The record of an earlier visit; null for none. */
  readonly loadRecord: (taskId: TaskId) => Promise<TaskRecord | null>
  /** `first`: this visit had not seen the task before, so it may not be stored yet. */
  readonly saveRecord: (taskId: TaskId, record: TaskRecord, first: boolean) => void
  /** Keeps what this browser knows of a task that it started, from its start on. */
  readonly keepUpload: (taskId: TaskId, upload: OwnUpload) => void
}

export const NO_STORE: RecordStore = {
  loadRecord: async () => null,
  saveRecord: () => {},
  keepUpload: () => {},
}

const loadList = loadLater(() => import('./task-list.ts'))

/** Code of the task list; null until it has been loaded. */
export const loadedList = createStore<typeof import('./task-list.ts') | null>(null)

/** Whether records are not saved because the code for it did not load. */
export const storeMissing = createStore(false)

/** The task list of a key; null if its code did not load. */
export async function loadListOf(key: ApiKey): Promise<TaskList | null> {
  const loaded = loadedList.get() ?? (await loadList())
  storeMissing.set(loaded === null)
  if (loadedList.get() === null) loadedList.set(loaded)
  return loaded?.listOf(key) ?? null
}

/** The task list of a key. Its code is loaded when the first request has been sent. */
export function recordStoreFor(key: ApiKey): RecordStore {
  // The list of this key, also where the key is removed before a response comes.
  let list: RecordStore | null = null
  const opened = async () => {
    list ??= await loadListOf(key)
    return list
  }
  return {
    loadRecord: async (id) => (await opened())?.loadRecord(id) ?? null,
    saveRecord: async (...args) => (await opened())?.saveRecord(...args),
    keepUpload: async (...args) => (await opened())?.keepUpload(...args),
  }
}

/** The stored record of a task: `now` if it has been read already, and `later` as a promise. */
export function readRecord(store: RecordStore, taskId: TaskId) {
  let known: TaskRecord | null = null
  const later = store.loadRecord(taskId).then(
    (record) => {
      known = record
      return record
    },
    () => null,
  )
  return { later, now: (): TaskRecord | null => known }
}

/** Adds a response to a record. */
export type Step = (known: TaskRecord) => TaskRecord

/**
 * The record after the responses that came before the stored one was read, the first to a request at
 * `requestedAt` (epoch ms). Null if that says no more than what is shown.
 */
export function withStored(
  stored: TaskRecord,
  shown: TaskRecord,
  responses: readonly Step[],
  requestedAt: number,
): TaskRecord | null {
  // What is shown came from another tab meanwhile.
  if (shown.requestCount !== responses.length) return null
  const known = withStart(stored, shown)
  // The first is stored at once, so the record may include it.
  const isIncluded = known.requestedAt !== null && known.requestedAt >= requestedAt
  const full = isIncluded ? known : responses.reduce((record, step) => step(record), known)
  const tellsTask = shown.task === null && full.task !== null
  return tellsTask || full.requestCount > shown.requestCount ? full : null
}

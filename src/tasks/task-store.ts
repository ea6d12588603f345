import { type DBSchema, type IDBPTransaction, openDB } from 'idb'
import type { TaskId } from '../../core/api/task-id.ts'
import { type LedgerRow, ledgerRowOf } from './ledger.ts'
import { readSpent, toStoredRow } from './stored-spending.ts'
import { readStored, type TrackedTask, toStored } from './tracked-task.ts'

/*
 * The list in IndexedDB. A change of many tasks is one transaction, so that tabs cannot overwrite each
 * other's changes. Entries are stored under the hash of their key. Unreadable entries are left unchanged.
 */

const NAME = 'loupe'
/** Increases only with the layout of the database; entries have their own version. */
const LAYOUT = 3

interface Layout extends DBSchema {
  tasks: { key: [keyHash: string, id: string]; value: object }
  /** Number of tasks removed from each list to make room. */
  left: { key: string; value: number }
  /** Credits of the tasks that were removed from each list. */
  spent: { key: [keyHash: string, id: string]; value: object }
}

export interface Contents {
  readonly entries: readonly TrackedTask[]
  /** Stored values by ID. */
  readonly unreadable: ReadonlyMap<string, unknown>
  /** Number of entries written by a newer version. */
  readonly newer: number
  /** Number of tasks removed from the list to make room. */
  readonly left: number
  /** Credits of tasks that were removed from the list: they stay spent. */
  readonly spent: ReadonlyMap<TaskId, LedgerRow>
  /** Number of tasks stored under other keys. */
  readonly elsewhere: number
}

/** Null removes the entry; the same object leaves it unchanged. */
export type Step = (known: TrackedTask | null, id: TaskId) => TrackedTask | null

export interface TaskStore {
  readonly read: () => Promise<Contents>
  readonly get: (id: TaskId) => Promise<TrackedTask | null>
  /** Reads, changes and writes all of them atomically. Returns the result. */
  readonly change: (
    ids: Iterable<TaskId>,
    step: Step,
  ) => Promise<ReadonlyMap<TaskId, TrackedTask | null>>
  readonly setLeft: (left: number) => Promise<void>
  readonly removeUnreadable: () => Promise<void>
  /** Deletes everything that is stored for the key. Returns it as stored, to be restored. */
  readonly erase: () => Promise<Erased>
  readonly restore: (erased: Erased) => Promise<void>
  /** The entries of all other keys. */
  readonly readElsewhere: () => Promise<readonly TrackedTask[]>
  readonly close: () => void
}

/** Stored values with their keys, unreadable ones included. */
export interface Erased {
  readonly tasks: readonly (readonly [[string, string], object])[]
  readonly spent: readonly (readonly [[string, string], object])[]
  readonly left: number | undefined
}

/** A list that was erased: what storage had, and what its tab had. */
export interface ErasedList {
  /** Null if storage has not responded in time, or fails. */
  readonly stored: Erased | null
  /** The same, whenever it responds. Never rejects. */
  readonly late: Promise<Erased | null>
  readonly entries: readonly TrackedTask[]
}

/** Why an open store can no longer be used. */
export type Closed =
  /** A newer version in another tab changes the layout: nothing may be written here any more. */
  | 'outdated'
  /** The browser closed it, as when the site's data is cleared: it may be reopened. */
  | 'lost'

/** Rejects with the browser's DOMException: VersionError if a newer version has changed the layout. */
export async function openStore(
  keyHash: string,
  onClosed: (why: Closed) => void,
): Promise<TaskStore> {
  const db = await openDB<Layout>(NAME, LAYOUT, {
    upgrade(old, from) {
      if (from < 1) old.createObjectStore('tasks')
      if (from < 2) old.createObjectStore('left')
      if (from < 3) old.createObjectStore('spent')
    },
    blocking(_from, _to, event) {
      // From the event, since this may be called before openDB has returned the database.
      ;(event.target as IDBDatabase).close()
      onClosed('outdated')
    },
    terminated: () => onClosed('lost'),
  })
  // Arrays sort after all strings, so this covers every ID of the key (Indexed Database API 3.0, 2.4).
  const own = IDBKeyRange.bound([keyHash], [keyHash, []])

  async function change(ids: Iterable<TaskId>, step: Step) {
    const transaction = db.transaction(['tasks', 'spent'], 'readwrite')
    const done = changeIn(transaction, keyHash, ids, step)
    // A failed write aborts the whole transaction.
    const [after] = await Promise.all([done, transaction.done])
    return after
  }

  return {
    async read() {
      const transaction = db.transaction(['tasks', 'left', 'spent'])
      const tasks = transaction.objectStore('tasks')
      const [keys, values, all, left, rows] = await Promise.all([
        tasks.getAllKeys(own),
        tasks.getAll(own),
        tasks.count(),
        transaction.objectStore('left').get(keyHash),
        transaction.objectStore('spent').getAll(own),
      ])
      const entries: TrackedTask[] = []
      const unreadable = new Map<string, unknown>()
      const old: TaskId[] = []
      let newer = 0
      for (const [index, value] of values.entries()) {
        const stored = readStored(value)
        if (stored.kind === 'entry') {
          entries.push(stored.entry)
          if (stored.old) old.push(stored.entry.id)
        } else if (stored.kind === 'newer') newer++
        else unreadable.set(keys[index]?.[1] ?? '', value)
      }
      // A new object, so that it is written.
      if (old.length > 0) await change(old, (known) => known && { ...known })
      const { spent, surplus } = readSpent(rows)
      await Promise.all(surplus.map((id) => db.delete('spent', [keyHash, id])))
      return { entries, unreadable, newer, left: left ?? 0, spent, elsewhere: all - values.length }
    },

    async get(id) {
      const stored = readStored(await db.get('tasks', [keyHash, id]))
      return stored.kind === 'entry' ? stored.entry : null
    },

    change,

    async setLeft(left) {
      await db.put('left', left, keyHash)
    },

    async removeUnreadable() {
      const transaction = db.transaction('tasks', 'readwrite')
      for await (const cursor of transaction.store.iterate(own))
        if (readStored(cursor.value).kind === 'unreadable') await cursor.delete()
      await transaction.done
    },

    async erase() {
      const transaction = db.transaction(['tasks', 'left', 'spent'], 'readwrite')
      const takeAll = async (name: 'tasks' | 'spent') => {
        const store = transaction.objectStore(name)
        const [keys, values] = await Promise.all([store.getAllKeys(own), store.getAll(own)])
        await store.delete(own)
        return keys.flatMap((key, n): [typeof key, object][] => {
          const value = values[n]
          return value === undefined ? [] : [[key, value]]
        })
      }
      const counts = transaction.objectStore('left')
      const [tasks, spent, left] = await Promise.all([
        takeAll('tasks'),
        takeAll('spent'),
        counts.get(keyHash),
        counts.delete(keyHash),
        transaction.done,
      ])
      return { tasks, spent, left }
    },

    async restore({ tasks, spent, left }) {
      const transaction = db.transaction(['tasks', 'left', 'spent'], 'readwrite')
      const putAll = (name: 'tasks' | 'spent', all: Erased['tasks']) =>
        all.map(([key, value]) => transaction.objectStore(name).put(value, key))
      await Promise.all([
        ...putAll('tasks', tasks),
        ...putAll('spent', spent),
        left === undefined ? null : transaction.objectStore('left').put(left, keyHash),
        transaction.done,
      ])
    },

    async readElsewhere() {
      const before = IDBKeyRange.upperBound([keyHash], true)
      const after = IDBKeyRange.lowerBound([keyHash, []], true)
      const values = [...(await db.getAll('tasks', before)), ...(await db.getAll('tasks', after))]
      return values.map(readStored).flatMap((one) => (one.kind === 'entry' ? [one.entry] : []))
    },

    close: () => db.close(),
  }
}

type Writing = IDBPTransaction<Layout, ['tasks', 'spent'], 'readwrite'>

async function changeIn(writing: Writing, keyHash: string, ids: Iterable<TaskId>, step: Step) {
  const tasks = writing.objectStore('tasks')
  const after = new Map<TaskId, TrackedTask | null>()
  await Promise.all(
    Array.from(ids, async (id) => {
      const value = await tasks.get([keyHash, id])
      const stored = value === undefined ? null : readStored(value)
      if (stored !== null && stored.kind !== 'entry') return
      const known = stored?.entry ?? null
      const next = step(known, id)
      after.set(id, next)
      if (next === known) return
      if (next === null) {
        const row = known && ledgerRowOf(known)
        if (row) await writing.objectStore('spent').put(toStoredRow(row), [keyHash, id])
        await tasks.delete([keyHash, id])
      } else await tasks.put(toStored(next), [keyHash, id])
    }),
  )
  return after
}

/** Runs `work` on the store; rejects with the browser's DOMException if it can be neither used nor opened. */
export type InStore = <T>(work: (store: TaskStore) => Promise<T>) => Promise<T>

/** Errors that a new connection would not fix. */
const LASTING = ['QuotaExceededError', 'VersionError']

/**
 * One connection to the store, opened on first use. A browser may close it in the background, not always
 * with an event (WebKit ends its process): failed work is then retried once on a new connection. `work` may
 * thus run twice, but the failed run has written nothing.
 */
export function connectTo(keyHash: string, onOutdated: () => void): InStore {
  let connection: Promise<TaskStore> | null = null

  const connect = (): Promise<TaskStore> => {
    if (connection !== null) return connection
    const opening = openStore(keyHash, (why) => {
      forget(opening)
      if (why === 'outdated') onOutdated()
    })
    connection = opening
    // Callers get the error themselves; the next call tries again.
    opening.catch(() => forget(opening))
    return opening
  }
  const forget = (one: Promise<TaskStore>) => {
    if (connection === one) connection = null
  }

  return async (work) => {
    const used = connect()
    const store = await used
    try {
      return await work(store)
    } catch (error) {
      if (error instanceof DOMException && LASTING.includes(error.name)) throw error
      store.close()
      forget(used)
      return work(await connect())
    }
  }
}

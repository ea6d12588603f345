import { type DBSchema, type IDBPObjectStore, openDB } from 'idb'
import type { TaskId } from '../upscayl/task-id.ts'
import { type Entry, readStored, toStored } from './entry.ts'

/*
 * The list in IndexedDB, where a change of many tasks is one transaction, so that tabs cannot undo each
 * other's. An entry lies under the hash of the key it belongs to. What cannot be read is left as it is.
 */

const NAME = 'loupe'
/** Rises only with another layout of the database; entries have a version of their own. */
const LAYOUT = 2

interface Layout extends DBSchema {
  tasks: { key: [keyHash: string, id: string]; value: object }
  /** How many tasks have left each list to make room. */
  left: { key: string; value: number }
}

export interface Contents {
  readonly entries: readonly Entry[]
  /** As they lie there, with their ids. */
  readonly unreadable: ReadonlyMap<string, unknown>
  /** How many were written by a later Loupe. */
  readonly newer: number
  /** How many tasks have left the list to make room. */
  readonly left: number
  /** How many tasks are remembered under other keys. */
  readonly elsewhere: number
}

/** Null takes the entry out; the same entry leaves it as it is. */
export type Step = (known: Entry | null, id: TaskId) => Entry | null

export interface Store {
  readonly read: () => Promise<Contents>
  readonly get: (id: TaskId) => Promise<Entry | null>
  /** Reads, changes and writes all of them at once, or none. Returns what is there then. */
  readonly change: (ids: Iterable<TaskId>, step: Step) => Promise<ReadonlyMap<TaskId, Entry | null>>
  readonly setLeft: (left: number) => Promise<void>
  readonly removeUnreadable: () => Promise<void>
  /** The entries of all other keys. */
  readonly readElsewhere: () => Promise<readonly Entry[]>
  readonly close: () => void
}

/** Why a store that was open is of no more use. */
export type Closed =
  /** A newer Loupe in another tab changes the layout: nothing more may be written here. */
  | 'outdated'
  /** The browser took it away, as when the site's data is cleared: it may be opened again. */
  | 'lost'

/** Rejects with the browser's DOMException: VersionError where a newer Loupe has changed the layout. */
export async function openStore(keyHash: string, onClosed: (why: Closed) => void): Promise<Store> {
  const db = await openDB<Layout>(NAME, LAYOUT, {
    upgrade(old, from) {
      if (from < 1) old.createObjectStore('tasks')
      if (from < 2) old.createObjectStore('left')
    },
    blocking(_from, _to, event) {
      // The database that is to change, as this may come before openDB has returned it.
      ;(event.target as IDBDatabase).close()
      onClosed('outdated')
    },
    terminated: () => onClosed('lost'),
  })
  // Arrays come after all text, so this is every id of the key (Indexed Database API 3.0, 2.4).
  const own = IDBKeyRange.bound([keyHash], [keyHash, []])

  async function change(ids: Iterable<TaskId>, step: Step) {
    const transaction = db.transaction('tasks', 'readwrite')
    const done = changeIn(transaction.store, keyHash, ids, step)
    // A failed write ends the transaction, and then nothing of it counts.
    const [after] = await Promise.all([done, transaction.done])
    return after
  }

  return {
    async read() {
      const transaction = db.transaction(['tasks', 'left'])
      const tasks = transaction.objectStore('tasks')
      const [keys, values, all, left] = await Promise.all([
        tasks.getAllKeys(own),
        tasks.getAll(own),
        tasks.count(),
        transaction.objectStore('left').get(keyHash),
      ])
      const entries: Entry[] = []
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
      // Another object, so that it is written.
      if (old.length > 0) await change(old, (known) => known && { ...known })
      return { entries, unreadable, newer, left: left ?? 0, elsewhere: all - values.length }
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

    async readElsewhere() {
      const before = IDBKeyRange.upperBound([keyHash], true)
      const after = IDBKeyRange.lowerBound([keyHash, []], true)
      const values = [...(await db.getAll('tasks', before)), ...(await db.getAll('tasks', after))]
      return values.map(readStored).flatMap((one) => (one.kind === 'entry' ? [one.entry] : []))
    },

    close: () => db.close(),
  }
}

type Tasks = IDBPObjectStore<Layout, ['tasks'], 'tasks', 'readwrite'>

async function changeIn(tasks: Tasks, keyHash: string, ids: Iterable<TaskId>, step: Step) {
  const after = new Map<TaskId, Entry | null>()
  await Promise.all(
    Array.from(ids, async (id) => {
      const value = await tasks.get([keyHash, id])
      const stored = value === undefined ? null : readStored(value)
      if (stored !== null && stored.kind !== 'entry') return
      const known = stored?.entry ?? null
      const next = step(known, id)
      after.set(id, next)
      if (next === known) return
      if (next === null) await tasks.delete([keyHash, id])
      else await tasks.put(toStored(next), [keyHash, id])
    }),
  )
  return after
}

import type { TaskId } from '../../core/api/task-id.ts'
import { datingOf, isKnown, withStart } from '../../core/record/task-record.ts'
import { requestPersistence } from '../lib/browser/persistent-storage.ts'
import { now } from '../lib/clock.ts'
import { coalesced } from '../lib/coalesced.ts'
import { createStore, type Readable } from '../lib/store.ts'
import { within } from '../lib/within.ts'
import { hashKey } from '../session/api-key.ts'
import { perKey } from '../session/per-key.ts'
import type { AnnotationChange } from './annotation.ts'
import { type Denial, denialOf } from './denial.ts'
import { ledgerRowOf } from './ledger.ts'
import { keep, type ListChange, together } from './list-change.ts'
import { openListMessages } from './list-messages.ts'
import { EMPTY_LIST, type ListState } from './list-state.ts'
import { makeRoom, mergeEntries } from './merge.ts'
import type { RecordStore } from './record-store.ts'
import { isThumb } from './task-source.ts'
import { connectTo, type Erased, type ErasedList, type Step, type TaskStore } from './task-store.ts'
import {
  annotated,
  MAX_ENTRIES,
  newTrackedTask,
  type TrackedTask,
  withRecord,
  withUpload,
} from './tracked-task.ts'

/** Timeout in ms for each storage operation. Its result still counts if it comes later. */
const PATIENCE = 2000

export interface TaskList extends RecordStore {
  readonly state: Readable<ListState>
  /** Reads the whole list, once. */
  readonly load: () => Promise<void>
  /** Adds new entries and merges existing ones. Returns how many are new. */
  readonly add: (entries: readonly TrackedTask[]) => Promise<number>
  readonly addIds: (ids: readonly TaskId[]) => Promise<number>
  /** Returns the removed entries, so that they can be added again. */
  readonly remove: (ids: readonly TaskId[]) => Promise<readonly TrackedTask[]>
  /** Reads the entry of one task, without the list; null for none. */
  readonly loadEntry: (id: TaskId) => Promise<TrackedTask | null>
  /** Keeps a thumbnail of a task's result, as a data URL, unless it has one. */
  readonly keepThumb: (id: TaskId, thumb: string) => void
  /** Changes the labels and the note of listed tasks. */
  readonly annotate: (ids: readonly TaskId[], change: AnnotationChange) => Promise<void>
  /** Removes everything that is stored for the key, as if responses in flight had come before. */
  readonly erase: () => Promise<ErasedList>
  /** Brings back what was erased. */
  readonly restore: (erased: ErasedList) => Promise<void>
  /** Writes the unsaved changes again. */
  readonly retry: () => Promise<void>
  readonly removeUnreadable: () => Promise<void>
  /** Entries stored under other keys, to be added here. */
  readonly readElsewhere: () => Promise<readonly TrackedTask[]>
  /** Dismisses the notice about tasks removed to make room. */
  readonly forgetLeft: () => Promise<void>
  /** Disconnects from other tabs. A response that comes later is still written. */
  readonly close: () => void
}

/** The list of one key. Changes that cannot be stored stay in this tab, as the state shows. */
export function openList(keyHash: string): TaskList {
  const state = createStore(EMPTY_LIST, coalesced)
  let loading: Promise<void> | null = null

  const set = (change: Partial<ListState>) => state.set({ ...state.get(), ...change })
  let waiting: ListChange[] = []
  let writing = false
  /** The unsaved ones that are stored in a form this version cannot read: trying again is no use. */
  const unreadable = new Set<TaskId>()
  /** Removed in this tab: a response still in flight does not add them again. */
  const removed = new Set<TaskId>()
  /** The same for all tasks that were requested before, epoch milliseconds. */
  let erasedAt = Number.NEGATIVE_INFINITY

  const inStore = connectTo(keyHash, () => set({ denial: 'outdated' }))
  const failed = (error: unknown) => set({ denial: denialOf(error) })

  /** Reloads the tasks that another tab has changed. */
  const messages = openListMessages(keyHash, (message) => {
    const { loaded, entries } = state.get()
    if (message === 'erasing') {
      erasedAt = now()
      set({ spent: new Map() })
    } else if (message !== 'all')
      void refresh(loaded ? message : message.filter((id) => entries.has(id)))
    else if (loaded) loading = read()
  })

  async function read(): Promise<void> {
    try {
      await within(takeIn(), PATIENCE)
    } catch (error) {
      failed(error)
      set({ loaded: true })
    }
  }

  async function takeIn(): Promise<void> {
    const { entries, spent, ...rest } = await inStore((store) => store.read())
    // They may have been removed from storage meanwhile.
    unreadable.clear()
    const known = new Map(entries.map((entry) => [entry.id, entry]))
    // Changes that are only in this tab are not in storage.
    for (const id of state.get().unsaved) keep(known, id, state.get().entries.get(id) ?? null)
    // Of tasks whose removal could not be stored.
    const kept = new Map([...state.get().spent, ...spent])
    set({
      ...rest,
      spent: kept,
      entries: known,
      loaded: true,
      denial: denialWith(state.get().unsaved),
    })
  }

  /** After a timeout, storage counts as working again once everything is saved. */
  const denialWith = (unsaved: ReadonlySet<TaskId>): Denial | null =>
    state.get().denial === 'silent' && unsaved.size === 0 ? null : state.get().denial

  async function refresh(ids: readonly TaskId[]): Promise<void> {
    try {
      const reading = inStore((store) => store.change(ids, (known) => known))
      show(await within(reading, PATIENCE))
    } catch (error) {
      failed(error)
    }
  }

  function show(
    changed: ReadonlyMap<TaskId, TrackedTask | null>,
    rest: Partial<Pick<ListState, 'unsaved' | 'denial'>> = {},
  ): void {
    const before = state.get()
    const entries = new Map(before.entries)
    let { spent } = before
    for (const [id, entry] of changed) {
      const had = before.entries.get(id)
      const row = entry === null && had !== undefined ? ledgerRowOf(had) : null
      if (row !== null) spent = new Map(spent).set(id, row)
      keep(entries, id, entry)
    }
    set({ entries, spent, ...rest })
  }

  /** Writes first, then shows. Changes during a write are written together afterwards. */
  function change(ids: readonly TaskId[], step: Step): Promise<void> {
    // The user already knows that changes are in this tab only.
    if (state.get().denial !== null) show(own(ids, step))
    return new Promise((done) => {
      waiting.push({ ids, step, done })
      if (waiting.length === 1 && !writing) void writeWaiting()
    })
  }

  /** This tab's entries of these tasks after the step. */
  const own = (ids: readonly TaskId[], step: Step) =>
    new Map(ids.map((id) => [id, step(state.get().entries.get(id) ?? null, id)]))

  async function writeWaiting(): Promise<void> {
    writing = true
    // Includes further changes of the same turn.
    await null
    for (let batch = waiting; batch.length > 0; batch = waiting) {
      waiting = []
      await writeDown(batch)
      for (const { done } of batch) done()
    }
    writing = false
  }

  /** Writes in one transaction; if that fails, this tab keeps the changes. */
  async function writeDown(batch: readonly ListChange[]): Promise<void> {
    const { ids, step } = together(batch)
    const writeAll = async () => {
      const after = await inStore((store) => store.change(ids, step))
      const unsaved = new Set(state.get().unsaved)
      for (const id of ids) {
        // Unreadable entries are not overwritten.
        for (const set of [unsaved, unreadable]) {
          if (after.has(id)) set.delete(id)
          else set.add(id)
        }
      }
      const before = [...unsaved].filter((id) => !unreadable.has(id))
      const rest = { unsaved, denial: before.length === 0 ? null : state.get().denial }
      const written = [...own(ids, step), ...after]
      // Changes that came meanwhile may be shown already: they are not undone until they are written.
      const { step: rebase } = together(waiting)
      show(new Map(written.map(([id, entry]) => [id, rebase(entry, id)])), rest)
      void requestPersistence()
      messages.post(ids)
      // Storage works again, so earlier unsaved changes are written too.
      if (before.length > 0) void rewrite(before)
    }
    try {
      await within(writeAll(), PATIENCE)
    } catch (error) {
      show(own(ids, step), { unsaved: new Set([...state.get().unsaved, ...ids]) })
      failed(error)
    }
  }

  /** Writes this tab's entries of these tasks. */
  const rewrite = (ids: Iterable<TaskId>) =>
    mergeIn(new Map(Array.from(ids, (id) => [id, state.get().entries.get(id) ?? null])))

  /** Merges each with the stored entry; null removes the task. */
  const mergeIn = (incoming: ReadonlyMap<TaskId, TrackedTask | null>) =>
    change([...incoming.keys()], (known, id) => {
      const entry = incoming.get(id) ?? null
      return known === null || entry === null ? entry : mergeEntries(known, entry)
    })

  async function add(entries: readonly TrackedTask[]): Promise<number> {
    await load()
    for (const { id } of entries) removed.delete(id)
    const incoming = new Map(entries.map((entry) => [entry.id, entry]))
    const fresh = [...incoming.keys()].filter((id) => !state.get().entries.has(id))
    await mergeIn(incoming)
    const leaving = makeRoom([...state.get().entries.values()], MAX_ENTRIES).map(({ id }) => id)
    if (leaving.length > 0) {
      await change(leaving, () => null)
      await setLeft(state.get().left + leaving.length)
    }
    return fresh.length
  }

  async function setLeft(left: number): Promise<void> {
    set({ left })
    await write((store) => store.setLeft(left))
  }

  /** Resolves with null if storage fails. */
  async function write<T>(work: (store: TaskStore) => Promise<T>): Promise<T | null> {
    try {
      const result = await within(inStore(work), PATIENCE)
      messages.post('all')
      return result
    } catch (error) {
      failed(error)
      return null
    }
  }

  async function loadEntry(id: TaskId): Promise<TrackedTask | null> {
    const known = state.get().entries.get(id)
    if (known !== undefined) return known
    const entry = await inStore((store) => store.get(id))
    if (entry !== null && !state.get().entries.has(id)) show(new Map([[id, entry]]))
    return state.get().entries.get(id) ?? null
  }

  function load(): Promise<void> {
    loading ??= read()
    return loading
  }

  return {
    state,
    load,
    add,
    addIds: (ids) => {
      // The list shows the newest first, so a paste keeps its order.
      const at = now()
      return add(ids.map((id, place) => newTrackedTask(id, at - place)))
    },
    async remove(ids) {
      await load()
      const out = ids.flatMap((id) => state.get().entries.get(id) ?? [])
      for (const id of ids) removed.add(id)
      await change(ids, () => null)
      return out
    },
    retry: () => rewrite(state.get().unsaved),
    async removeUnreadable() {
      await write((store) => store.removeUnreadable())
      await read()
    },
    readElsewhere: () =>
      within(
        inStore((store) => store.readElsewhere()),
        PATIENCE,
      ),
    async erase() {
      await load()
      erasedAt = now()
      messages.post('erasing')
      const entries = [...state.get().entries.values()]
      for (const { id } of entries) removed.add(id)
      const erasing = inStore((store) => store.erase())
      const stored = await write(() => erasing)
      set({ ...EMPTY_LIST, loaded: true, denial: state.get().denial })
      return { stored, late: erasing.catch(() => null), entries }
    },
    async restore({ stored, late, entries }) {
      const putBack = async (erased: Erased) => {
        await write((store) => store.restore(erased))
        loading = read()
        await loading
      }
      if (stored === null) void late.then((erased) => erased && putBack(erased))
      else await putBack(stored)
      await add(entries)
    },
    forgetLeft: () => setLeft(0),
    close: () => messages.close(),

    loadEntry,
    async loadRecord(id) {
      const entry = await loadEntry(id)
      return entry !== null && isKnown(entry.record) ? entry.record : null
    },
    keepThumb(id, thumb) {
      if (isThumb(thumb))
        void change([id], (known) => (known?.thumb === null ? { ...known, thumb } : known))
    },
    annotate: (ids, edit) => change(ids, annotated(edit, now())),
    keepUpload(id, upload) {
      const step: Step = (known) =>
        known === null && removed.has(id)
          ? null
          : withUpload(known ?? newTrackedTask(id, now()), upload)
      // At once, since the task's page opens before storage has responded.
      show(own([id], step))
      void change([id], step)
    },
    saveRecord(id, record, first) {
      const isReal = record.task !== null || record.startedAt !== null
      const isLate = record.seenAt !== null && datingOf(record).requestedAt <= erasedAt
      const isNew = first && isReal && !isLate && !removed.has(id)
      const step: Step = (known) => {
        if (known === null) return isNew ? withRecord(newTrackedTask(id, now()), record) : null
        const after = withRecord(known, withStart(record, known.record))
        // The stored record can be newer only if tabs cannot coordinate, and know more only if an
        // error came before slow storage.
        const isOlder = record.requestCount < known.record.requestCount
        const knowsLess = record.task === null && known.record.task !== null
        return isOlder || knowsLess ? mergeEntries(known, after) : after
      }
      // Shown before it is stored, since a response can be fetched again.
      show(own([id], step))
      void change([id], step)
    },
  }
}

/** The list of a key, one per tab. */
export const listOf = perKey((key) => openList(hashKey(key)))

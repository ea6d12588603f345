import { openChannel } from '../lib/browser/channel.ts'
import { now } from '../lib/clock.ts'
import { within } from '../lib/within.ts'
import type { Memory } from '../polling/memory.ts'
import { withStart } from '../polling/task-record.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import { connectTo } from './connection.ts'
import { type Entry, MOST_ENTRIES, newEntry, withRecord } from './entry.ts'
import { makeRoom, mergeEntries } from './merge.ts'
import type { Contents, Step, Store } from './store.ts'

/** Why what is in this tab is not in storage. silent: it has not answered, and may yet. */
export type Denial = 'denied' | 'full' | 'outdated' | 'silent'

/** So long a browser may take for anything. What it does after that counts all the same. */
const PATIENCE = 2000

/** The list as this tab knows it; a new object after each change. */
export interface ListState extends Omit<Contents, 'entries'> {
  /** It has been read, or cannot be. */
  readonly loaded: boolean
  readonly entries: ReadonlyMap<TaskId, Entry>
  /** Changes that are in this tab only. */
  readonly unsaved: ReadonlySet<TaskId>
  /** Why; null where nothing is wrong. */
  readonly denial: Denial | null
}

export interface List extends Memory {
  readonly state: () => ListState
  readonly subscribe: (listener: () => void) => () => void
  /** Reads it whole, once. */
  readonly load: () => Promise<void>
  /** Adds what is not there, and merges what is. Returns how many are new. */
  readonly add: (entries: readonly Entry[]) => Promise<number>
  readonly addIds: (ids: readonly TaskId[]) => Promise<number>
  /** Returns what was taken out, so that it can be added again. */
  readonly remove: (ids: readonly TaskId[]) => Promise<readonly Entry[]>
  /** Writes what is in this tab only once more. */
  readonly retry: () => Promise<void>
  readonly removeUnreadable: () => Promise<void>
  /** What is known of tasks under other keys, to be added here. */
  readonly readElsewhere: () => Promise<readonly Entry[]>
  /** The note that tasks have left was read. */
  readonly forgetLeft: () => Promise<void>
  readonly close: () => void
}

const EMPTY: ListState = {
  loaded: false,
  entries: new Map(),
  unreadable: new Map(),
  newer: 0,
  left: 0,
  elsewhere: 0,
  unsaved: new Set(),
  denial: null,
}

/** The list of one key. What storage does not take stays in this tab, and the state says so. */
export function openList(keyHash: string): List {
  const listeners = new Set<() => void>()
  const channel = openChannel(`loupe:list:${keyHash}`)
  let state = EMPTY
  let loading: Promise<void> | null = null

  const set = (change: Partial<ListState>) => {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }
  /** Taken out in this tab: an answer that is still on its way does not bring it back. */
  const removed = new Set<TaskId>()

  const inStore = connectTo(keyHash, () => set({ denial: 'outdated' }))
  const failed = (error: unknown) => set({ denial: denialOf(error) })

  /** Other tabs read again what one of them has changed. */
  channel.listen((data) => {
    if (!Array.isArray(data)) loading = state.loaded ? read() : loading
    else if (state.loaded) void refresh(data as TaskId[])
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
    const { entries, ...rest } = await inStore((store) => store.read())
    const known = new Map(entries.map((entry) => [entry.id, entry]))
    // What only this tab has, or has just changed, is not in there.
    for (const id of state.unsaved) keep(known, id, state.entries.get(id) ?? null)
    set({ ...rest, entries: known, loaded: true, denial: denialWith(state.unsaved) })
  }

  /** Storage that answers again is well when it has all. */
  const denialWith = (unsaved: ReadonlySet<TaskId>): Denial | null =>
    state.denial === 'silent' && unsaved.size === 0 ? null : state.denial

  async function refresh(ids: readonly TaskId[]): Promise<void> {
    try {
      const reading = inStore((store) => store.change(ids, (known) => known))
      show(await within(reading, PATIENCE))
    } catch (error) {
      failed(error)
    }
  }

  function show(
    changed: ReadonlyMap<TaskId, Entry | null>,
    rest: Partial<Pick<ListState, 'unsaved' | 'denial'>> = {},
  ): void {
    const entries = new Map(state.entries)
    for (const [id, entry] of changed) keep(entries, id, entry)
    set({ entries, ...rest })
  }

  /** Shows a change at once, then writes it; where it cannot be written, this tab keeps it. */
  async function change(ids: readonly TaskId[], step: Step): Promise<void> {
    const shown = new Map(ids.map((id) => [id, step(state.entries.get(id) ?? null, id)]))
    show(shown)
    const writeAll = async () => {
      const after = await inStore((store) => store.change(ids, step))
      const unsaved = new Set(state.unsaved)
      for (const id of ids) {
        // What lies there and cannot be read is not written over.
        if (after.has(id)) unsaved.delete(id)
        else unsaved.add(id)
      }
      show(after, { unsaved, denial: unsaved.size === 0 ? null : state.denial })
      channel.post(ids)
      // Storage takes changes again: also those that it did not take before.
      const written = new Set(ids)
      const before = [...unsaved].filter((id) => !written.has(id))
      if (before.length > 0) void rewrite(before)
    }
    try {
      await within(writeAll(), PATIENCE)
    } catch (error) {
      set({ unsaved: new Set([...state.unsaved, ...ids]) })
      failed(error)
    }
  }

  /** Writes what this tab has of these tasks, beside what is there by now. */
  function rewrite(ids: Iterable<TaskId>): Promise<void> {
    const held = new Map(Array.from(ids, (id) => [id, state.entries.get(id) ?? null]))
    return change([...held.keys()], (known, id) => {
      const own = held.get(id) ?? null
      return known === null || own === null ? own : mergeEntries(known, own)
    })
  }

  async function add(entries: readonly Entry[]): Promise<number> {
    await load()
    for (const { id } of entries) removed.delete(id)
    const incoming = new Map(entries.map((entry) => [entry.id, entry]))
    const fresh = [...incoming.keys()].filter((id) => !state.entries.has(id))
    const all = [...state.entries.values(), ...fresh.flatMap((id) => incoming.get(id) ?? [])]
    const { left } = makeRoom(all, MOST_ENTRIES)
    await change([...incoming.keys()], (known, id) => {
      const entry = incoming.get(id)
      if (entry === undefined) return known
      return known === null ? entry : mergeEntries(known, entry)
    })
    if (left.length > 0) await letGo(left.map(({ id }) => id))
    return fresh.length
  }

  async function letGo(ids: readonly TaskId[]): Promise<void> {
    await change(ids, () => null)
    set({ left: state.left + ids.length })
    await write((store) => store.setLeft(state.left))
  }

  async function write(work: (store: Store) => Promise<void>): Promise<void> {
    try {
      await within(inStore(work), PATIENCE)
      channel.post('all')
    } catch (error) {
      failed(error)
    }
  }

  function load(): Promise<void> {
    loading ??= read()
    return loading
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    load,
    add,
    addIds: (ids) => {
      // The first of a paste stands first, and newest stand on top.
      const at = now()
      return add(ids.map((id, place) => newEntry(id, at - place)))
    },
    async remove(ids) {
      await load()
      const out = ids.flatMap((id) => state.entries.get(id) ?? [])
      for (const id of ids) removed.add(id)
      await change(ids, () => null)
      return out
    },
    retry: () => rewrite(state.unsaved),
    async removeUnreadable() {
      await write((store) => store.removeUnreadable())
      await read()
    },
    readElsewhere: () =>
      within(
        inStore((store) => store.readElsewhere()),
        PATIENCE,
      ),
    async forgetLeft() {
      set({ left: 0 })
      await write((store) => store.setLeft(0))
    },

    close: () => channel.close(),

    async recall(id) {
      const entry = state.entries.get(id) ?? (await inStore((store) => store.get(id)))
      if (entry === null) return null
      const { record } = entry
      return record.questions > 0 || record.startedAt !== null ? record : null
    },
    remember(id, record, first) {
      const isReal = record.task !== null || record.startedAt !== null
      const isNew = first && isReal && !removed.has(id)
      void change([id], (known) => {
        if (known === null) return isNew ? withRecord(newEntry(id, now()), record) : null
        const after = withRecord(known, withStart(record, known.record))
        // Only where tabs cannot coordinate is there one that knows more.
        return record.questions < known.record.questions ? mergeEntries(known, after) : after
      })
    },
  }
}

function keep(entries: Map<TaskId, Entry>, id: TaskId, entry: Entry | null): void {
  if (entry === null) entries.delete(id)
  else entries.set(id, entry)
}

function denialOf(error: unknown): Denial {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'TimeoutError') return 'silent'
  if (name === 'QuotaExceededError') return 'full'
  return name === 'VersionError' ? 'outdated' : 'denied'
}

const lists = new Map<string, List>()

/** The list of a key, one in a tab. */
export function listOf(keyHash: string): List {
  const known = lists.get(keyHash) ?? openList(keyHash)
  lists.set(keyHash, known)
  return known
}

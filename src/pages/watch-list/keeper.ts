import { now, wakeWhen } from '../../lib/clock.ts'
import { MINUTE } from '../../lib/units.ts'
import type { Asker } from '../../polling/asker.ts'
import { isSettled } from '../../polling/task-record.ts'
import { currentKey, subscribeToKey } from '../../session/session.ts'
import type { TaskId } from '../../upscayl/task-id.ts'
import type { Entry } from '../../watchlist/entry.ts'
import type { List } from '../../watchlist/list.ts'
import { type Group, groupOf, mayRun } from '../../watchlist/row.ts'

/*
 * Once the list was opened in a tab, the tab has its tasks asked until they are settled, whatever page it
 * shows, and remembers how they stood when nobody looked.
 */

/** How the tasks stood when somebody last looked. */
export interface Away {
  /** Epoch milliseconds. */
  readonly since: number
  readonly before: ReadonlyMap<TaskId, Group>
  /** Somebody looks again, after long enough to be told what happened. */
  readonly back: boolean
}

export interface Keeper {
  /** Null while somebody looks, and once they have read what happened. */
  readonly away: () => Away | null
  readonly subscribe: (listener: () => void) => () => void
  readonly dismiss: () => void
}

/** What a task came to while it was followed. */
export type OnEnd = (entry: Entry, group: 'done' | 'failed') => void

/** A shorter look away needs no digest. */
const AWAY = 5 * MINUTE
/** A device that slept wakes no timer in time; one that is late by `AWAY` has slept. */
const BEAT = MINUTE

const keepers = new WeakMap<Asker, Keeper>()

export function keeperOf(asker: Asker, list: List, onEnd: OnEnd): Keeper {
  const known = keepers.get(asker) ?? keep(asker, list, onEnd)
  keepers.set(asker, known)
  return known
}

function keep(asker: Asker, list: List, onEnd: OnEnd): Keeper {
  const listeners = new Set<() => void>()
  let away: Away | null = null
  let stopFollowing = () => {}
  let followed: readonly TaskId[] = []
  let last: ReadonlyMap<TaskId, Entry> | null = null

  const set = (next: Away | null) => {
    away = next
    for (const listener of listeners) listener()
  }
  const standing = (since: number): Away => ({
    since,
    before: groupsOf(list.state().entries),
    back: false,
  })

  const look = () => {
    const { loaded, entries } = list.state()
    if (!loaded || entries === last) return
    if (last === null) begin(entries)
    else for (const entry of entries.values()) tellEnd(last.get(entry.id), entry)
    last = entries
    follow([...entries.values()].filter(isOpen))
  }

  /** What an earlier visit left is what was known when somebody last looked. */
  const begin = (entries: ReadonlyMap<TaskId, Entry>) => {
    const since = Math.max(0, ...[...entries.values()].map(({ record }) => record.askedAt ?? 0))
    if (since > 0 && now() - since > AWAY) set({ ...standing(since), back: true })
  }

  const tellEnd = (before: Entry | undefined, after: Entry) => {
    if (before === undefined || before === after) return
    const [was, is] = [groupOf(before), groupOf(after)]
    // Of several tabs the one that asks tells, and a tab that is seen is that one.
    const tells = asker.state().role !== 'listening'
    if (mayRun(was) && tells && (is === 'done' || is === 'failed')) onEnd(after, is)
  }

  const follow = (open: readonly Entry[]) => {
    if (open.length === followed.length && open.every(({ id }, n) => id === followed[n])) return
    followed = open.map(({ id }) => id)
    asker.recall(open.map(({ id, record }) => [id, record] as const))
    const stop = stopFollowing
    stopFollowing = asker.follow(followed)
    stop()
  }

  // What was not read yet goes on from where it began.
  const leave = () => {
    if (away === null) set(standing(now()))
  }
  const comeBack = () => {
    if (away === null || away.back) return
    set(now() - away.since > AWAY ? { ...away, back: true } : null)
  }
  const onVisibility = () => (document.visibilityState === 'visible' ? comeBack() : leave())
  let stopBeat = () => {}
  const beat = () => {
    const due = now() + BEAT
    stopBeat = wakeWhen(due, () => {
      if (now() - due > AWAY && away === null) {
        set(standing(due))
        onVisibility()
      }
      beat()
    })
  }

  document.addEventListener('visibilitychange', onVisibility)
  addEventListener('offline', leave)
  addEventListener('online', comeBack)
  beat()
  const stopList = list.subscribe(look)
  const key = currentKey()
  const stopKey = subscribeToKey(() => {
    if (currentKey() === key) return
    document.removeEventListener('visibilitychange', onVisibility)
    removeEventListener('offline', leave)
    removeEventListener('online', comeBack)
    for (const stop of [stopBeat, stopList, stopKey, stopFollowing]) stop()
  })
  look()
  void list.load()

  return {
    away: () => away,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    dismiss: () => set(null),
  }
}

const groupsOf = (entries: ReadonlyMap<TaskId, Entry>): ReadonlyMap<TaskId, Group> =>
  new Map([...entries].map(([id, entry]) => [id, groupOf(entry)]))

/** There is something left to learn by asking. */
const isOpen = (entry: Entry): boolean => groupOf(entry) !== 'refused' && !isSettled(entry.record)

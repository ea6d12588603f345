import { useCallback } from 'react'
import { useNavigate } from 'react-router'
import { isTerminal, type Task } from '../../../core/api/task.ts'
import type { TaskId } from '../../../core/api/task-id.ts'
import { MINUTE } from '../../../core/lib/units.ts'
import { isSettled } from '../../../core/record/task-record.ts'
import { now, wakeWhen } from '../../lib/clock.ts'
import { paths } from '../../lib/paths.ts'
import { createStore, type Readable } from '../../lib/store.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { perKey } from '../../session/per-key.ts'
import { statusLabel } from '../../task-view/status-badge.tsx'
import type { Poller } from '../../tasks/poller.ts'
import { type Group, groupOf, mayRun } from '../../tasks/task-group.ts'
import { listOf, type TaskList } from '../../tasks/task-list.ts'
import { taskTitle } from '../../tasks/task-title.ts'
import type { TrackedTask } from '../../tasks/tracked-task.ts'
import { notifyEnd } from './notify.ts'

/*
 * Each tab keeps the tasks of the list checked until they are settled, whatever page is open, and
 * keeps their state from before the user was away.
 */

/** State of the tasks when the user last looked. */
export interface Absence {
  /** Epoch milliseconds. */
  readonly since: number
  readonly before: ReadonlyMap<TaskId, Group>
  /** The user is back, after long enough for a digest. */
  readonly back: boolean
}

export interface ListFollower {
  /** Null while the user is looking, and once the digest was read. */
  readonly away: Readable<Absence | null>
  readonly dismiss: () => void
  readonly close: () => void
}

/** Called when a task finishes while followed. */
export type OnEnd = (entry: TrackedTask, task: Task) => void

/** A shorter absence needs no digest. */
const AWAY = 5 * MINUTE
/** A device that sleeps wakes no timer in time; one that is late by `AWAY` has slept. */
const BEAT = MINUTE

export const listFollowerFor = perKey((_, ...all: Parameters<typeof keep>) => keep(...all))

function keep(poller: Poller, list: TaskList, onEnd: OnEnd): ListFollower {
  const away = createStore<Absence | null>(null)
  const following = new Map<TaskId, () => void>()
  let last: ReadonlyMap<TaskId, TrackedTask> | null = null
  let begun = false

  const absenceSince = (since: number): Absence => ({
    since,
    before: groupsOf(list.state.get().entries),
    back: false,
  })

  const update = () => {
    const { loaded, entries, denial } = list.state.get()
    if (!loaded || entries === last) return
    // A list that takes long is still being read: until then it lacks what is stored.
    if (!begun && denial !== 'silent') {
      begun = true
      begin(entries)
    }
    for (const entry of entries.values()) reportEnd(last?.get(entry.id), entry)
    last = entries
    follow([...entries.values()].filter(isOpen))
  }

  /** The stored state of an earlier visit is what the user last saw. */
  const begin = (entries: ReadonlyMap<TaskId, TrackedTask>) => {
    const since = Math.max(0, ...[...entries.values()].map(({ record }) => record.requestedAt ?? 0))
    if (since > 0 && now() - since > AWAY) away.set({ ...absenceSince(since), back: true })
  }

  const reportEnd = (before: TrackedTask | undefined, after: TrackedTask) => {
    if (before === undefined || before === after) return
    const { task } = after.record
    if (!mayRun(groupOf(before)) || task === null || !isTerminal(task)) return
    // Only the leader of several tabs reports it, and a visible tab is the leader.
    if (poller.state().role !== 'follower') onEnd(after, task)
  }

  /** Follows the open tasks; settled ones are no longer followed. */
  const follow = (open: readonly TrackedTask[]) => {
    const ids = new Set(open.map(({ id }) => id))
    for (const [id, stop] of following) {
      if (ids.has(id)) continue
      stop()
      following.delete(id)
    }
    const fresh = open.filter(({ id }) => !following.has(id))
    poller.restore(fresh.map(({ id, record }) => [id, record] as const))
    for (const { id } of fresh) following.set(id, poller.follow([id]))
  }

  // An unread digest continues from its start.
  const leave = () => {
    if (away.get() === null) away.set(absenceSince(now()))
  }
  const comeBack = () => {
    const left = away.get()
    // The network may come back while nobody looks.
    if (left === null || left.back || document.visibilityState !== 'visible') return
    away.set(now() - left.since > AWAY ? { ...left, back: true } : null)
  }
  const onVisibility = () => (document.visibilityState === 'visible' ? comeBack() : leave())
  let stopBeat = () => {}
  const beat = () => {
    const due = now() + BEAT
    stopBeat = wakeWhen(due, () => {
      if (now() - due > AWAY && away.get() === null) {
        away.set(absenceSince(due))
        onVisibility()
      }
      beat()
    })
  }

  document.addEventListener('visibilitychange', onVisibility)
  addEventListener('offline', leave)
  addEventListener('online', comeBack)
  beat()
  const stopList = list.state.subscribe(update)
  update()
  void list.load()

  return {
    away,
    dismiss: () => away.set(null),
    close() {
      document.removeEventListener('visibilitychange', onVisibility)
      removeEventListener('offline', leave)
      removeEventListener('online', comeBack)
      for (const stop of [stopBeat, stopList, ...following.values()]) stop()
    },
  }
}

const groupsOf = (entries: ReadonlyMap<TaskId, TrackedTask>): ReadonlyMap<TaskId, Group> =>
  new Map([...entries].map(([id, entry]) => [id, groupOf(entry)]))

/** Whether another check may bring something new. */
const isOpen = (entry: TrackedTask): boolean =>
  groupOf(entry) !== 'refused' && !isSettled(entry.record)

/** Keeps the tasks of the list checked while this tab has the key, and notifies of each that ends. */
export function useListFollower(key: ApiKey, poller: Poller): ListFollower {
  const navigate = useNavigate()
  const onEnd = useCallback<OnEnd>(
    (entry, task) => {
      const end = { taskId: entry.id, title: taskTitle(entry), status: statusLabel(task) }
      notifyEnd(end, () => navigate(paths.task(entry.id)))
    },
    [navigate],
  )
  return listFollowerFor(key, poller, listOf(key), onEnd)
}

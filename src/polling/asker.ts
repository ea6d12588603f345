import { type QueryClient, QueryObserver } from '@tanstack/react-query'
import { now } from '../lib/clock.ts'
import { HOUR } from '../lib/units.ts'
import { type ApiKey, hashKey } from '../session/api-key.ts'
import type { RecordedAnswer } from '../upscayl/recording.ts'
import { asTaskId, type TaskId } from '../upscayl/task-id.ts'
import { answerLog } from './answer-log.ts'
import type { TabMessage } from './messages.ts'
import { type Next, plan } from './policy.ts'
import { askOnce } from './question.ts'
import { type Shared, sharedState } from './shared-state.ts'
import { openTabs, type Role } from './tabs.ts'
import { type Asks, polledTaskQuery, taskKey, taskQuery } from './task-query.ts'
import { isRefused, type TaskRecord, UNASKED, watchedTask } from './task-record.ts'

/** All that asks with one key in this tab. Joins policy, allowance, tabs and React Query. */
export interface Asker extends Asks {
  /** Has a task asked until it is settled, for as long as somebody follows it. Returns the way to stop. */
  readonly follow: (taskId: TaskId) => () => void
  /** One question by a person's wish, if the allowance has one; whichever tab asks, asks it. */
  readonly askNow: (taskId: TaskId) => void
  readonly state: () => AskerState
  /**
   * What came of this tab's questions about a task, as it came and oldest first, to be recorded
   * (recording.ts cleans it). Kept in memory, for as long as this asker lives.
   */
  readonly answersOf: (taskId: TaskId) => readonly RecordedAnswer[]
  readonly subscribe: (listener: () => void) => () => void
  readonly setPaused: (paused: boolean) => void
  /** Questions an hour; null for no limit. */
  readonly setLimit: (limit: number | null) => void
  readonly close: () => void
}

/** A new object after each change, and only then. */
export interface AskerState extends Shared {
  readonly role: Role
  /** When each followed task is asked next, or why not. */
  readonly plan: ReadonlyMap<string, Next>
}

const LONGEST_TIMER = 2_147_483_647 // the longest setInterval (HTML standard: a signed 32-bit integer)
const AT_ONCE = 1 // React Query takes an interval of 0 for none

export function createAsker(client: QueryClient, key: ApiKey): Asker {
  const keyHash = hashKey(key)
  const shared = sharedState(keyHash)
  const log = answerLog()
  const listeners = new Set<() => void>()
  /** How many parts of this tab follow a task. */
  const own = new Map<TaskId, number>()
  /** What other tabs follow. */
  const others = new Map<string, readonly TaskId[]>()
  const polled = new Map<TaskId, { observer: Polled; stop: () => void }>()
  type Polled = ReturnType<typeof observe>
  /** What the asking tab last said, for tabs that listen. */
  let told: ReadonlyMap<string, Next> = new Map()
  let current: AskerState | null = null
  let announced = false
  let closed = false

  const ask = (taskId: TaskId) =>
    askOnce({ key, taskId, shared, tabs, log, recordOf: () => recordOf(taskId) })

  const seen = () => document.visibilityState === 'visible'
  const recordOf = (taskId: string) =>
    client.getQueryData<TaskRecord>(taskKey(keyHash, taskId)) ?? UNASKED
  const followed = () => new Set([...own.keys(), ...[...others.values()].flat()])

  const tabs = openTabs({
    keyHash,
    onRole: changed,
    onMessage: hear,
  })

  /** Something happened: whatever was planned is planned anew, once, however much happened. */
  function changed(): void {
    current = null
    if (announced || closed) return
    announced = true
    queueMicrotask(() => {
      announced = false
      if (closed) return
      if (tabs.role() !== 'listening') announce()
      poll()
      for (const listener of listeners) listener()
    })
  }

  function state(): AskerState {
    current ??= {
      ...shared.get(),
      role: tabs.role(),
      plan: tabs.role() === 'listening' ? told : planned(),
    }
    return current
  }

  function planned(): ReadonlyMap<string, Next> {
    const ids = followed()
    const tasks = client
      .getQueryCache()
      .findAll({ queryKey: ['task', keyHash] })
      .flatMap((query) => {
        const id = String(query.queryKey[2])
        const record = recordOf(id)
        // What ended lately tells what will come; what was refused will not be asked again.
        const recent = record.seenAt !== null && now() - record.seenAt < HOUR
        if (isRefused(record) || !(recent || ids.has(id as TaskId))) return []
        return [watchedTask(id, record, query.state.fetchStatus === 'fetching')]
      })
    return plan({ now: now(), visible: seen(), tasks, allowance: shared.get().allowance })
  }

  function observe(taskId: TaskId) {
    return new QueryObserver(client, polledTaskQuery(asks, taskId))
  }

  /** Keeps one timer for each followed task while this tab asks, and none otherwise. */
  function poll(): void {
    const wanted = tabs.role() === 'listening' ? new Set<TaskId>() : followed()
    for (const [taskId, { stop }] of polled) {
      if (wanted.has(taskId)) continue
      stop()
      polled.delete(taskId)
    }
    for (const taskId of wanted) {
      const known = polled.get(taskId)
      if (known !== undefined) known.observer.setOptions(polledTaskQuery(asks, taskId))
      else {
        const observer = observe(taskId)
        polled.set(taskId, { observer, stop: observer.subscribe(() => {}) })
      }
    }
  }

  function dueIn(taskId: TaskId): number | false {
    const { plan: next, paused, role } = state()
    const step = next.get(taskId)
    if (paused || role === 'listening' || step?.kind !== 'ask') return false
    return Math.min(LONGEST_TIMER, Math.max(AT_ONCE, step.at - now()))
  }

  function hear(message: TabMessage): void {
    switch (message.type) {
      case 'hello':
        if (!others.has(message.tab)) {
          const { tab } = message
          tabs.whenGone(tab, () => {
            others.delete(tab)
            changed()
          })
          // It may not know this one either.
          hello()
        }
        others.set(
          message.tab,
          message.follows.flatMap((id) => asTaskId(id) ?? []),
        )
        for (const id of others.get(message.tab) ?? []) {
          client.ensureQueryData(taskQuery(asks, id))
          const record = recordOf(id)
          if (tabs.role() === 'asking' && record !== UNASKED)
            tabs.post({ type: 'record', id, record })
        }
        break
      case 'asker':
        if (message.visible) tabs.hasAsker()
        told = new Map(Object.entries(message.plan))
        break
      case 'record': {
        const known = recordOf(message.id)
        if (message.record.questions <= known.questions) return
        client.setQueryData(taskKey(keyHash, message.id), message.record)
        break
      }
      case 'ask': {
        const id = asTaskId(message.id)
        if (id !== null && tabs.role() === 'asking') askHere(id)
        break
      }
    }
    changed()
  }

  const hello = () => tabs.post({ type: 'hello', tab: tabs.id, follows: [...own.keys()] })

  function announce(): void {
    if (tabs.role() !== 'asking' || others.size === 0) return
    const next = Object.fromEntries(state().plan)
    tabs.post({ type: 'asker', tab: tabs.id, visible: seen(), plan: next })
  }

  function askHere(taskId: TaskId): void {
    // What is under way is joined, not cancelled: it may have had its effect.
    void client.fetchQuery({ ...taskQuery(asks, taskId), staleTime: 0 }).catch(() => {})
  }

  const look = () => {
    if (seen()) tabs.claim()
    hello()
    changed()
  }

  const asks: Asks = { keyHash, ask, dueIn }
  const stops = [
    shared.subscribe(changed),
    client.getQueryCache().subscribe(({ type, query }) => {
      if (type === 'updated' && query.queryKey[1] === keyHash) changed()
    }),
  ]
  document.addEventListener('visibilitychange', look)
  look()

  return {
    ...asks,
    state,
    answersOf: log.of,
    follow(taskId) {
      client.ensureQueryData(taskQuery(asks, taskId))
      own.set(taskId, (own.get(taskId) ?? 0) + 1)
      hello()
      changed()
      return () => {
        const left = (own.get(taskId) ?? 1) - 1
        if (left > 0) own.set(taskId, left)
        else own.delete(taskId)
        hello()
        changed()
      }
    },
    askNow(taskId) {
      if (tabs.role() === 'listening') tabs.post({ type: 'ask', id: taskId })
      else askHere(taskId)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    setPaused: (paused) => shared.change((all) => ({ ...all, paused })),
    setLimit: (limit) =>
      shared.change((all) => ({ ...all, allowance: { ...all.allowance, limit, ceiling: null } })),
    close() {
      closed = true
      for (const { stop } of polled.values()) stop()
      for (const stop of stops) stop()
      document.removeEventListener('visibilitychange', look)
      tabs.close()
    },
  }
}

import { type QueryClient, QueryObserver } from '@tanstack/react-query'
import { now } from '../lib/clock.ts'
import { type ApiKey, hashKey } from '../session/api-key.ts'
import type { RecordedAnswer } from '../upscayl/recording.ts'
import { asTaskId, type TaskId } from '../upscayl/task-id.ts'
import { answerLog } from './answer-log.ts'
import { settle } from './budget.ts'
import { cachedTasks } from './cached-tasks.ts'
import { type Heard, joined } from './heard.ts'
import { afterHearing, heardOf } from './hearsay.ts'
import { type Memory, NO_MEMORY } from './memory.ts'
import type { TabMessage } from './messages.ts'
import { heldUntil } from './outage.ts'
import { type Next, plan } from './policy.ts'
import { askOnce } from './question.ts'
import { hurryWhenBack, type Shared, sharedState } from './shared-state.ts'
import { openTabs, type Role } from './tabs.ts'
import { type Asks, polledTaskQuery, taskKey, taskQuery } from './task-query.ts'
import { type Start, type TaskRecord, UNASKED, withStart } from './task-record.ts'
import { watchAsker } from './watch-asker.ts'

/** All that asks with one key in this tab. Joins policy, allowance, tabs and React Query. */
export interface Asker extends Asks {
  /** This tab has started a task: it is remembered and told to other tabs before it is first asked. */
  readonly started: (taskId: TaskId, start: Start) => void
  /** Has tasks asked until they are settled, for as long as somebody follows them. Returns the way to stop. */
  readonly follow: (taskIds: readonly TaskId[]) => () => void
  /** The same for one that is looked at: what an earlier visit knew of it is asked anew at once. */
  readonly open: (taskId: TaskId) => () => void
  /** Goes on from what is remembered of tasks that were not asked in this visit. */
  readonly recall: (records: Iterable<readonly [TaskId, TaskRecord]>) => void
  /** One question by a person's wish, if the allowance has one; whichever tab asks, asks it. */
  readonly askNow: (taskId: TaskId) => void
  /** The same, asked by this tab. Resolves with what is known then, which may be what was known before. */
  readonly fresh: (taskId: TaskId) => Promise<TaskRecord>
  /** What this tab knows of a task. */
  readonly recordOf: (taskId: TaskId) => TaskRecord
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

export function createAsker(client: QueryClient, key: ApiKey, memory: Memory = NO_MEMORY): Asker {
  const keyHash = hashKey(key)
  const shared = sharedState(keyHash)
  const log = answerLog()
  const listeners = new Set<() => void>()
  /** How many parts of this tab follow a task. */
  const own = new Map<TaskId, number>()
  /** What other tabs follow. */
  const others = new Map<string, readonly TaskId[]>()
  const polled = new Map<TaskId, { observer: Polled; stop: () => void; dueAt: number | null }>()
  type Polled = ReturnType<typeof observe>
  let current: AskerState | null = null
  let announced = false
  let greeting = false
  let closed = false

  const heard: Heard = new Map()

  const ask = (taskId: TaskId, wish = false) =>
    askOnce({
      key,
      taskId,
      shared,
      tabs,
      log,
      memory,
      heard,
      wish,
      recordOf: () => recordOf(taskId),
      show: (record) => client.setQueryData(taskKey(keyHash, taskId), record),
    })

  const seen = () => document.visibilityState === 'visible'
  const recordOf = (taskId: string) =>
    client.getQueryData<TaskRecord>(taskKey(keyHash, taskId)) ?? UNASKED
  const followed = () => new Set([...own.keys(), ...[...others.values()].flat()])

  const tabs = openTabs({
    keyHash,
    onRole: changed,
    onMessage: hear,
    onAlive: greet,
    onReturn: () => {
      others.clear()
      watch.reset()
      look()
    },
  })

  /** Something happened: whatever was planned is planned anew, once, however much happened. */
  function changed(): void {
    current = null
    if (announced || closed) return
    announced = true
    queueMicrotask(() => {
      announced = false
      if (closed) return
      if (greeting) hello()
      greeting = false
      watch.settle()
      announce()
      poll()
      for (const listener of listeners) listener()
    })
  }

  function state(): AskerState {
    current ??= {
      ...shared.get(),
      role: tabs.role(),
      plan: tabs.role() === 'listening' ? watch.plan() : planned(),
    }
    return current
  }

  function planned(): ReadonlyMap<string, Next> {
    const tasks = cachedTasks(client, keyHash, followed())
    const { allowance, counted } = shared.get()
    const next = plan({ now: now(), visible: seen(), tasks, allowance })
    if (!counted) return next
    const held = heldUntil(settle(allowance, now()).outage)
    return joined(next, heard, (id) => recordOf(id) === UNASKED, held, now())
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
      const at = dueAt(taskId)
      if (known === undefined) {
        const observer = observe(taskId)
        polled.set(taskId, { observer, stop: observer.subscribe(() => {}), dueAt: at })
      } else if (known.dueAt !== at) {
        known.dueAt = at
        known.observer.setOptions(polledTaskQuery(asks, taskId))
      }
    }
  }

  /** When this tab asks by itself (epoch ms); null for not. */
  function dueAt(taskId: TaskId): number | null {
    const { plan: next, paused, role } = state()
    const step = next.get(taskId)
    return paused || role === 'listening' || step?.kind !== 'ask' ? null : step.at
  }

  function dueIn(taskId: TaskId): number | false {
    const at = dueAt(taskId)
    return at === null ? false : Math.min(LONGEST_TIMER, Math.max(AT_ONCE, at - now()))
  }

  function hear(message: TabMessage): void {
    watch.hear(message)
    switch (message.type) {
      case 'hello': {
        const { tab, follows } = message
        if (!others.has(tab)) {
          tabs.whenGone(tab, () => {
            others.delete(tab)
            changed()
          })
          // It may not know this one either.
          greeting = true
        }
        const ids = Object.keys(follows).flatMap((id) => asTaskId(id) ?? [])
        others.set(tab, ids)
        for (const id of ids) {
          client.ensureQueryData(taskQuery(asks, id))
          const record = recordOf(id)
          if (tabs.role() === 'asking' && heardOf(record) > (follows[id] ?? 0))
            tabs.post({ type: 'record', id, record })
        }
        break
      }
      case 'record': {
        const own = recordOf(message.id)
        const record = afterHearing(own, message.record)
        if (record === own) return
        client.setQueryData(taskKey(keyHash, message.id), record)
        break
      }
      case 'ask': {
        const id = asTaskId(message.id)
        if (id !== null && tabs.role() === 'asking') void fresh(id)
        break
      }
    }
    changed()
  }

  function hello(): void {
    const follows = Object.fromEntries([...own.keys()].map((id) => [id, heardOf(recordOf(id))]))
    tabs.post({ type: 'hello', tab: tabs.id, follows })
  }

  function greet(): void {
    greeting = true
    changed()
  }

  function announce(): void {
    if (tabs.role() !== 'asking' || others.size === 0) return
    const next = Object.fromEntries(state().plan)
    tabs.post({ type: 'asker', tab: tabs.id, visible: seen(), plan: next })
  }

  function started(taskId: TaskId, start: Start): void {
    client.ensureQueryData(taskQuery(asks, taskId))
    const before = recordOf(taskId)
    const record = withStart(before, start)
    if (record === before) return
    client.setQueryData(taskKey(keyHash, taskId), record)
    tabs.post({ type: 'record', id: taskId, record })
    memory.remember(taskId, record, true)
  }

  /** What is under way is joined, not cancelled: it may have had its effect. */
  const fetchAnew = (taskId: TaskId, wish: boolean): Promise<TaskRecord> =>
    client
      .fetchQuery({ ...taskQuery(asks, taskId), queryFn: () => ask(taskId, wish), staleTime: 0 })
      .catch(() => recordOf(taskId))

  const fresh = (taskId: TaskId): Promise<TaskRecord> => fetchAnew(taskId, true)

  function askNow(taskId: TaskId): void {
    if (tabs.role() === 'listening') watch.wish(taskId)
    else void fresh(taskId)
  }

  function follow(taskIds: readonly TaskId[]): () => void {
    for (const id of taskIds) {
      client.ensureQueryData(taskQuery(asks, id))
      own.set(id, (own.get(id) ?? 0) + 1)
    }
    greet()
    return () => {
      for (const id of taskIds) {
        const left = (own.get(id) ?? 1) - 1
        if (left > 0) own.set(id, left)
        else own.delete(id)
      }
      greet()
    }
  }

  function look(): void {
    if (seen()) tabs.claim()
    greet()
  }

  const watch = watchAsker({ tabs, shared, isSeen: seen, look, fresh })
  const asks: Asks = { keyHash, ask, dueIn }
  const stops = [
    shared.subscribe(changed),
    hurryWhenBack(shared),
    watch.close,
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
    started,
    follow,
    open(taskId) {
      const stop = follow([taskId])
      if (recordOf(taskId).recalled) void fetchAnew(taskId, false)
      return stop
    },
    recall(records) {
      for (const [id, record] of records)
        if (recordOf(id) === UNASKED) client.setQueryData(taskKey(keyHash, id), record)
    },
    askNow,
    fresh,
    recordOf,
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

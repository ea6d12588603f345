import * as v from 'valibot'
import { asTaskId, type TaskId } from '../../core/api/task-id.ts'
import { SECOND } from '../../core/lib/units.ts'
import { MAX_RESPONSE_TIME } from '../../core/quota/outage.ts'
import {
  mergeRemoteRecord,
  recordSchema,
  type TaskRecord,
  versionOf,
} from '../../core/record/task-record.ts'
import type { PlannedCheck } from '../../core/schedule/schedule.ts'
import { now, wakeWhen } from '../lib/clock.ts'
import type { FollowedTasks } from './followed-tasks.ts'
import type { LeaderElection } from './leader-election.ts'
import type { SharedState } from './shared-state.ts'

/*
 * Messages between the tabs of one key. Another tab may run another version of Loupe, so they are parsed, and
 * unknown ones are ignored. The leader may be frozen or hang, and keep its lock: a follower gives it a timeout,
 * and then takes over unless a visible tab has responded (leader-election.ts).
 */

const next = v.variant('kind', [
  v.object({
    kind: v.literal('ask'),
    at: v.number(),
    why: v.picklist(['due', 'backoff', 'confirming', 'allowance']),
  }),
  v.object({ kind: v.literal('waiting'), why: v.literal('in-flight') }),
  v.object({
    kind: v.literal('never'),
    why: v.picklist(['settled', 'unconfirmed', 'no-allowance']),
  }),
])

const tab = v.string()

const schema = v.variant('type', [
  /** A tab opened, became visible, or follows other tasks: their IDs, with the request count of its records. */
  v.object({ type: v.literal('hello'), tab, follows: v.record(v.string(), v.number()) }),
  /** The leader announces itself and the next check of each task. */
  v.object({
    type: v.literal('asker'),
    tab,
    visible: v.boolean(),
    plan: v.record(v.string(), next),
  }),
  /** New record of a task. */
  v.object({ type: v.literal('record'), id: v.string(), record: recordSchema }),
  /** Requests a check of a task now. */
  v.object({ type: v.literal('ask'), id: v.string() }),
])

export type TabMessage = v.InferOutput<typeof schema>

/** Null if this version cannot parse it. */
export function readMessage(data: unknown): TabMessage | null {
  const parsed = v.safeParse(schema, data)
  return parsed.success ? parsed.output : null
}

interface TabSyncOptions {
  readonly tabs: LeaderElection
  readonly shared: SharedState
  readonly follows: FollowedTasks
  readonly isVisible: () => boolean
  readonly recordOf: (taskId: string) => TaskRecord
  /** Another tab has a newer record of a task. */
  readonly onRecord: (taskId: string, record: TaskRecord) => void
  readonly onChange: () => void
  /** Looks for the leader, and takes over if none responds. */
  readonly findLeader: () => void
  /** One check at the user's request, sent by this tab. */
  readonly refetch: (taskId: TaskId) => unknown
}

/** A request takes up to MAX_RESPONSE_TIME, and its result some time to arrive here. */
const PATIENCE = MAX_RESPONSE_TIME + 5 * SECOND

export function createTabSync({
  tabs,
  shared,
  follows,
  isVisible,
  recordOf,
  onRecord,
  onChange,
  findLeader,
  refetch,
}: TabSyncOptions) {
  /** Checks requested from the leader without a response yet. */
  const pending = new Map<string, TaskId>()
  /** Last plan of the leader. */
  let leaderPlan: ReadonlyMap<string, PlannedCheck> = new Map()
  let wasVisible = true
  let greeting = false
  let cancelTimer = () => {}

  function onPlan({ visible, plan }: TabMessage & { readonly type: 'asker' }): void {
    if (visible) {
      tabs.onLeaderSeen()
      pending.clear()
    } else if (wasVisible && isVisible()) tabs.requestLeadership()
    wasVisible = visible
    leaderPlan = new Map(Object.entries(plan))
    cancelTimer()
    const due = Array.from(leaderPlan.values()).flatMap((next) =>
      next.kind === 'never' ? [] : next.kind === 'ask' ? Math.max(now(), next.at) : now(),
    )
    if (due.length === 0 || shared.get().paused) return
    cancelTimer = wakeWhen(Math.min(...due) + PATIENCE, () => {
      if (tabs.role() === 'follower') findLeader()
    })
  }

  function onHello({ tab, follows: known }: TabMessage & { readonly type: 'hello' }): void {
    if (!follows.others.has(tab)) {
      tabs.onTabClosed(tab, () => {
        follows.others.delete(tab)
        onChange()
      })
      // It may not know this tab either.
      greeting = true
    }
    const ids = Object.keys(known).flatMap((id) => asTaskId(id) ?? [])
    follows.others.set(tab, ids)
    for (const id of ids) {
      const record = recordOf(id)
      if (tabs.role() === 'leader' && versionOf(record) > (known[id] ?? 0))
        tabs.post({ type: 'record', id, record })
    }
  }

  function hello(): void {
    const own = Array.from(follows.own(), (id) => [id, versionOf(recordOf(id))] as const)
    tabs.post({ type: 'hello', tab: tabs.id, follows: Object.fromEntries(own) })
  }

  function greet(): void {
    greeting = true
    onChange()
  }

  return {
    /** The leader's plan. */
    plan: () => leaderPlan,
    greet,

    /** This tab's followed tasks have changed. Tabs that open later announce themselves and get a reply. */
    followsChanged: (): void => (follows.others.size > 0 ? greet() : onChange()),

    receive(data: unknown): void {
      const message = readMessage(data)
      if (message === null) return
      if (message.type === 'asker') onPlan(message)
      if (message.type === 'hello') onHello(message)
      if (message.type === 'ask') {
        const id = asTaskId(message.id)
        if (id !== null && tabs.role() === 'leader') void refetch(id)
      }
      if (message.type === 'record') {
        pending.delete(message.id)
        const own = recordOf(message.id)
        const record = mergeRemoteRecord(own, message.record)
        if (record === own) return
        onRecord(message.id, record)
      }
      onChange()
    },

    /** Requests a check from the leader; if it does not respond, this tab takes over and sends it. */
    requestCheck(id: TaskId): void {
      pending.set(id, id)
      tabs.post({ type: 'ask', id })
      tabs.requestLeadership()
    },

    /** Before a plan is made: announces this tab, and sends pending checks if it is now the leader. */
    settle(): void {
      if (greeting) hello()
      greeting = false
      if (tabs.role() === 'follower') return
      cancelTimer()
      for (const id of pending.values()) void refetch(id)
      pending.clear()
    },

    /** Sends this tab's plan to the others, if it is the leader. */
    announce(plan: ReadonlyMap<string, PlannedCheck>): void {
      if (tabs.role() !== 'leader' || follows.others.size === 0) return
      const next = Object.fromEntries(plan)
      tabs.post({ type: 'asker', tab: tabs.id, visible: isVisible(), plan: next })
    },

    /** The page was left and is shown again: earlier messages of other tabs are outdated. */
    reset(): void {
      follows.others.clear()
      leaderPlan = new Map()
      cancelTimer()
    },

    close: (): void => cancelTimer(),
  }
}

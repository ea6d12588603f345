import { now, wakeWhen } from '../lib/clock.ts'
import { SECOND } from '../lib/units.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import type { TabMessage } from './messages.ts'
import { ANSWERED_AFTER } from './outage.ts'
import type { Next } from './policy.ts'
import type { SharedState } from './shared-state.ts'
import type { Tabs } from './tabs.ts'

/*
 * The tab that asks for all may be frozen, or hang, and keep its lock. A tab that listens does not take its
 * word for ever: it asks who asks, and takes over where nobody who can be seen answers (tabs.ts).
 */

interface WatchOptions {
  readonly tabs: Tabs
  readonly shared: SharedState
  readonly isSeen: () => boolean
  /** Asks who asks, and takes over where nobody answers. */
  readonly look: () => void
  /** One question by a person's wish, asked by this tab. */
  readonly fresh: (taskId: TaskId) => unknown
}

/** A question takes up to ANSWERED_AFTER, and its answer some time to be told. */
const PATIENCE = ANSWERED_AFTER + 5 * SECOND

export function watchAsker({ tabs, shared, isSeen, look, fresh }: WatchOptions) {
  /** What the tab that asks was told to ask, and has not answered yet. */
  const wishes = new Map<string, TaskId>()
  /** What that tab last said. */
  let told: ReadonlyMap<string, Next> = new Map()
  let wasVisible = true
  let callOff = () => {}

  function heard({ visible, plan }: TabMessage & { readonly type: 'asker' }): void {
    if (visible) {
      tabs.hasAsker()
      wishes.clear()
    } else if (wasVisible && isSeen()) tabs.claim()
    wasVisible = visible
    told = new Map(Object.entries(plan))
    callOff()
    const due = Array.from(told.values()).flatMap((next) =>
      next.kind === 'never' ? [] : next.kind === 'ask' ? Math.max(now(), next.at) : now(),
    )
    if (due.length === 0 || shared.get().paused) return
    callOff = wakeWhen(Math.min(...due) + PATIENCE, () => {
      if (tabs.role() === 'listening') look()
    })
  }

  return {
    plan: () => told,

    /** What was said until now is not so any more. */
    reset(): void {
      told = new Map()
      callOff()
    },

    hear(message: TabMessage): void {
      if (message.type === 'asker') heard(message)
      if (message.type === 'record') wishes.delete(message.id)
    },

    /** Has the tab that asks ask; where it does not answer, this one takes over, and asks. */
    wish(id: TaskId): void {
      wishes.set(id, id)
      tabs.post({ type: 'ask', id })
      tabs.claim()
    },

    /** This tab may have become the one that asks. */
    settle(): void {
      if (tabs.role() === 'listening') return
      callOff()
      for (const id of wishes.values()) void fresh(id)
      wishes.clear()
    },

    close: (): void => callOff(),
  }
}

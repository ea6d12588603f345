import { HOUR, MINUTE } from '../../src/lib/units.ts'
import { type Allowance, fullAllowance, heed, take } from '../../src/polling/budget.ts'
import { type Next, plan } from '../../src/polling/policy.ts'
import {
  isRefused,
  recordAnswer,
  type TaskRecord,
  UNASKED,
  watchedTask,
} from '../../src/polling/task-record.ts'
import { type Answer, readAnswer, silence } from '../../src/upscayl/client.ts'
import { createSecretScrub } from '../../src/upscayl/scrub.ts'
import { isTerminal } from '../../src/upscayl/task.ts'
import type { TaskId } from '../../src/upscayl/task-id.ts'

/*
 * Asks for many what one would ask: all who want to know of a task share its questions, and all
 * tasks of a key share its allowance. It has web-standard parts only, keeps no timer and no key.
 */

export interface Wanted {
  readonly key: string
  readonly taskId: TaskId
  /** Where the one who wants to know found this server. */
  readonly origin: string
}

export interface Known {
  readonly record: TaskRecord
  /** When a question may bring news (epoch ms); null: never, as far as is known now. */
  readonly nextAt: number | null
}

/** All that is asked with one key. */
export interface Coordinator {
  /**
   * What is known of the task: from the question under way, from a new one where the policy has one
   * due, else from memory. Never rejects.
   */
  readonly know: (wanted: Wanted) => Promise<Known>
  /** Whether a question is under way. */
  readonly isBusy: () => boolean
}

export interface CoordinatorOptions {
  /** Puts the question, once. */
  readonly send: (wanted: Wanted) => Promise<Response>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Tasks that are remembered. */
  readonly mostTasks?: number
}

/** What one page after another can show in an hour, and little memory. */
const MOST_TASKS = 500

/** Whoever still looks has come back by then: see LONGEST_WAIT of the share route. */
const WATCHED_FOR = 1.5 * MINUTE

/** A plan is made anew after this even if nothing happened: by then some do not look any more. */
const PLAN_HOLDS = MINUTE

/** The same question gets the same answer, but hardly for ever: a key is mended, a proxy set right. */
const REFUSED_FOR = HOUR

interface Remembered {
  readonly record: TaskRecord
  readonly wantedAt: number
}

interface Planned {
  readonly at: number
  readonly next: ReadonlyMap<string, Next>
}

export function createCoordinator({
  send,
  now,
  mostTasks = MOST_TASKS,
}: CoordinatorOptions): Coordinator {
  /** The least recently wanted first. */
  const tasks = new Map<TaskId, Remembered>()
  const flights = new Map<TaskId, Promise<void>>()
  let allowance: Allowance = fullAllowance()
  /** Holds until something happens (policy.ts), so that a thousand readers cost one plan. */
  let planned: Planned | null = null

  const recordOf = (taskId: TaskId): TaskRecord => tasks.get(taskId)?.record ?? UNASKED

  function nextAt(taskId: TaskId): number | null {
    const record = recordOf(taskId)
    if (record.failure && isRefused(record)) {
      return now() < record.failure.at + REFUSED_FOR ? null : now()
    }
    if (planned === null || now() - planned.at > PLAN_HOLDS || !planned.next.has(taskId)) {
      planned = planAll()
    }
    const next = planned.next.get(taskId)
    return next?.kind === 'ask' ? next.at : null
  }

  function planAll(): Planned {
    const at = now()
    const watched = [...tasks].flatMap(([id, { record, wantedAt }]) => {
      const { task, seenAt } = record
      // What ended lately tells what will come; what was refused is not asked again.
      const ended = task !== null && isTerminal(task) && at - (seenAt ?? 0) < HOUR
      const counts = (ended || at - wantedAt < WATCHED_FOR) && !isRefused(record)
      return counts ? [watchedTask(id, record, flights.has(id))] : []
    })
    return { at, next: plan({ now: at, visible: true, tasks: watched, allowance }) }
  }

  /** Puts the task to those wanted last, and forgets one that was wanted longest ago if need be. */
  function want(taskId: TaskId): void {
    const known = tasks.get(taskId)
    tasks.delete(taskId)
    tasks.set(taskId, { record: known?.record ?? UNASKED, wantedAt: now() })
    if (known === undefined) planned = null
    if (tasks.size <= mostTasks) return
    for (const id of tasks.keys()) {
      if (id === taskId || flights.has(id)) continue
      tasks.delete(id)
      return
    }
  }

  async function question(wanted: Wanted): Promise<void> {
    const { taskId } = wanted
    const askedAt = now()
    const answer = await understood(wanted)
    const answeredAt = now()
    allowance = heed(allowance, answer, answeredAt)
    const record = recordAnswer(recordOf(taskId), answer, askedAt, answeredAt)
    tasks.set(taskId, { record, wantedAt: tasks.get(taskId)?.wantedAt ?? askedAt })
  }

  async function understood(wanted: Wanted): Promise<Answer> {
    try {
      const response = await send(wanted)
      // Others read what is kept of it, and an API may repeat the key, in a link for instance.
      const body = createSecretScrub(wanted.key)(await response.text())
      return readAnswer(response.status, response.headers, body, wanted.key, now())
    } catch {
      // Whatever it was, the back-off has to hold.
      return silence('network')
    }
  }

  return {
    async know(wanted) {
      const { taskId } = wanted
      want(taskId)
      let flight = flights.get(taskId)
      const due = flight === undefined ? nextAt(taskId) : null
      if (due !== null && due <= now()) {
        const [taken, wait] = take(allowance, now())
        allowance = taken
        if (wait > 0) return { record: recordOf(taskId), nextAt: now() + wait }
        flight = question(wanted).finally(() => {
          flights.delete(taskId)
          planned = null
        })
        flights.set(taskId, flight)
        planned = null
      }
      await flight
      return { record: recordOf(taskId), nextAt: nextAt(taskId) }
    },
    isBusy: () => flights.size > 0,
  }
}

import { HOUR, MINUTE } from '../../src/lib/units.ts'
import { type Allowance, conclude, fullAllowance, settle, take } from '../../src/polling/budget.ts'
import { heldUntil } from '../../src/polling/outage.ts'
import { type Next, plan } from '../../src/polling/policy.ts'
import {
  credible,
  isRefused,
  isSettled,
  recordAnswer,
  type TaskRecord,
  UNASKED,
  watchedTask,
} from '../../src/polling/task-record.ts'
import { type Answer, readAnswer, silence } from '../../src/upscayl/read-answer.ts'
import { createSecretScrub } from '../../src/upscayl/scrub.ts'
import { isTerminal } from '../../src/upscayl/task.ts'
import type { TaskId } from '../../src/upscayl/task-id.ts'
import type { KeyState } from './key-store.ts'
import {
  answerOf,
  firstExpiry,
  type KeptAnswer,
  NOTHING,
  type Remembered,
  type TaskStore,
  weightOf,
} from './remembered.ts'

/*
 * Asks for many what one would ask: all who want to know of a task share its questions, and all
 * tasks of a key share its allowance. It has web-standard parts only, keeps no timer and no key.
 */

export interface Wanted {
  readonly key: string
  readonly taskId: TaskId
  /** Where the one who wants to know found this server. */
  readonly origin: string
  /** Of the request that is answered; null where requests have none. */
  readonly requestId: string | null
}

/**
 * When a new question is wanted. due: where the policy has one. stale: also where the last answer is
 * not good any more (`goodUntil`). now: at once, by a person's wish. Always within the allowance.
 */
export type Wish = 'due' | 'stale' | 'now'

export interface Known {
  readonly record: TaskRecord
  /** When a question may bring news (epoch ms); null: never, as far as is known now. */
  readonly nextAt: number | null
  /** The last one, or the last that told of the task where that still holds; null before the first. */
  readonly answer: KeptAnswer | null
  /** Until when whoever asks gets `answer` again (epoch ms); null: for as long as it is remembered. */
  readonly goodUntil: number | null
  /** A question was due, but the API does not answer, so `answer` is what the last one about any task got. */
  readonly isDown: boolean
  readonly allowance: Allowance
}

/** All that is asked with one key. */
export interface Coordinator {
  /** What is known of the task: from the question under way, from a new one, else from memory. Never rejects. */
  readonly know: (wanted: Wanted, wish?: Wish) => Promise<Known>
  /** Whether a question is under way. */
  readonly isBusy: () => boolean
  /** Whether the API ever took the key for one of its own. */
  readonly isAccepted: () => boolean
  /** Whether nothing of the allowance is used, and nothing holds it back. */
  readonly isFull: () => boolean
  /** Forgets a task, first of those that no answer told of; false where none can be forgotten. */
  readonly forgetOne: () => boolean
}

export interface CoordinatorOptions {
  /** Puts the question, once. */
  readonly send: (wanted: Wanted) => Promise<Response>
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Tasks that are remembered. */
  readonly mostTasks?: number
  /** Of a key that is new. Its limit is the highest. */
  readonly allowance?: Allowance
  /** What an earlier one told last. */
  readonly kept?: KeyState | null
  /** Is told after each change of the allowance, but for keys that the API refuses: anybody makes those up. */
  readonly onChange?: (state: KeyState) => void
  /** What outlives this coordinator. */
  readonly store?: TaskStore
  /** Is told by how many bytes, roughly, what is remembered grew. */
  readonly onGrowth?: (bytes: number) => void
}

/** What one page after another can show in an hour, and little memory. */
const MOST_TASKS = 500

/** Whoever still looks has come back by then: see LONGEST_WAIT of the share route. */
const WATCHED_FOR = 1.5 * MINUTE

/** A plan is made anew after this even if nothing happened: by then some do not look any more. */
const PLAN_HOLDS = MINUTE

/** The same question gets the same answer, but hardly for ever: a key is mended, a proxy set right. */
const REFUSED_FOR = HOUR

/** Whoever asks about what was refused, has expired or lacks files may mean it: asked anew so often at most. */
const ASKED_ANEW = 5 * MINUTE

/** So is whoever means it for certain, by the policy's own shortest distance. */
const BETWEEN_WISHES = 800

interface Planned {
  readonly at: number
  readonly next: ReadonlyMap<string, Next>
}

export function createCoordinator({
  send,
  now,
  mostTasks = MOST_TASKS,
  allowance: given = fullAllowance(),
  kept = null,
  onChange = () => undefined,
  store,
  onGrowth = () => undefined,
}: CoordinatorOptions): Coordinator {
  /** The least recently wanted first. */
  const tasks = new Map<TaskId, Remembered>()
  const flights = new Map<TaskId, Promise<void>>()
  let allowance = kept === null ? given : { ...kept.allowance, limit: given.limit }
  let accepted = kept?.accepted ?? false
  let isKept = kept !== null
  /** The question that finds out whether the API answers again. */
  let probe: Promise<unknown> | null = null
  /** What the last question got while the API does not answer. */
  let fault: KeptAnswer | null = null
  /** Holds until something happens (policy.ts), so that a thousand readers cost one plan. */
  let planned: Planned | null = null

  /** Of what a clock that was set back has put into the future, nothing holds but a short while. */
  const isWithin = (ms: number, at: number): boolean => Math.abs(now() - at) < ms

  const recordOf = (taskId: TaskId): TaskRecord => tasks.get(taskId)?.record ?? UNASKED

  function allow(next: Allowance): void {
    allowance = next
    if (isKept) onChange({ allowance, accepted })
  }

  const held = (): number | null => heldUntil(settle(allowance, now()).outage)

  function nextAt(taskId: TaskId): number | null {
    const due = dueAt(taskId)
    return due === null ? null : Math.max(due, held() ?? due)
  }

  /** When it is asked if the API answers, or answers again now. */
  function dueAt(taskId: TaskId): number | null {
    const record = recordOf(taskId)
    if (record.failure && isRefused(record)) {
      return isWithin(REFUSED_FOR, record.failure.at) ? null : now()
    }
    if (planned === null || !isWithin(PLAN_HOLDS, planned.at) || !planned.next.has(taskId)) {
      planned = planAll()
    }
    const next = planned.next.get(taskId)
    return next?.kind === 'ask' ? next.at : null
  }

  function goodUntil(taskId: TaskId, next = nextAt(taskId)): number | null {
    const record = recordOf(taskId)
    const { askedAt } = record
    if (next !== null || askedAt === null) return next
    if (askedAt > now() && !isWithin(ASKED_ANEW, askedAt)) return now()
    if (isRefused(record) || !isSettled(record)) return askedAt + ASKED_ANEW
    const expiry = firstExpiry(record)
    return expiry && Math.max(expiry, askedAt + ASKED_ANEW)
  }

  function isWanted(taskId: TaskId, wish: Wish): boolean {
    const { askedAt } = recordOf(taskId)
    if (wish === 'now') return askedAt === null || !isWithin(BETWEEN_WISHES, askedAt)
    const due = dueAt(taskId)
    const at = wish === 'due' ? due : goodUntil(taskId, due)
    return at !== null && at <= now()
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
    const { outage } = settle(allowance, at)
    const answering = outage && held() !== null ? { ...outage, over: at } : outage
    const next = plan({
      now: at,
      visible: true,
      tasks: watched,
      allowance: { ...allowance, outage: answering },
    })
    return { at, next }
  }

  function keep(taskId: TaskId, next: Remembered): void {
    const before = tasks.get(taskId)
    tasks.set(taskId, next)
    onGrowth(weightOf(next) - (before === undefined ? 0 : weightOf(before)))
  }

  /** Puts the task to those wanted last, and forgets one if need be. */
  function want(taskId: TaskId): void {
    const known = tasks.get(taskId)
    if (known === undefined) {
      // Of a key of which nothing is kept, no task is.
      const earlier = (isKept ? store?.find(taskId) : null) ?? NOTHING
      accepted ||= earlier.told !== null
      planned = null
      keep(taskId, { ...earlier, wantedAt: now() })
      if (tasks.size > mostTasks) forgetOne(taskId)
      return
    }
    tasks.delete(taskId)
    tasks.set(taskId, { ...known, wantedAt: now() })
  }

  /** Ids that somebody made up displace no task that is known. */
  function forgetOne(except?: TaskId): boolean {
    let least: TaskId | null = null
    for (const [id, { told }] of tasks) {
      if (id === except || flights.has(id)) continue
      least ??= id
      if (told !== null) continue
      least = id
      break
    }
    const known = least === null ? undefined : tasks.get(least)
    if (least === null || known === undefined) return false
    tasks.delete(least)
    onGrowth(-weightOf(known))
    return true
  }

  async function question(wanted: Wanted, askedAt: number): Promise<void> {
    const { taskId } = wanted
    const [answer, last] = await answered(wanted)
    const answeredAt = now()
    const { result } = answer
    accepted ||= result.ok || result.error.kind === 'missing' || result.error.kind === 'credits'
    isKept ||= result.ok || result.error.kind !== 'key'
    const before = tasks.get(taskId) ?? { ...NOTHING, wantedAt: askedAt }
    const asked = { taskId, failures: before.record.failures, sentAt: askedAt }
    allow(conclude(allowance, answer, asked, answeredAt, given.limit))
    fault = held() === null ? null : last
    const after = {
      ...before,
      record: recordAnswer(before.record, answer, askedAt, answeredAt),
      last,
      told: result.ok ? last : before.told,
    }
    keep(taskId, after)
    if (isKept) store?.keep(taskId, after)
  }

  /** The other tasks' questions wait for this one. */
  function waitFor(flight: Promise<void>): void {
    const own = flight
      .catch(() => undefined)
      .finally(() => {
        if (probe === own) probe = null
      })
    probe = own
  }

  async function answered(wanted: Wanted): Promise<[Answer, KeptAnswer | null]> {
    try {
      const response = await send(wanted)
      const { status, headers } = response
      // Others read what is kept of it, and an API may repeat the key, in a link for instance.
      const body = createSecretScrub(wanted.key)(await response.text())
      const at = now()
      const made = Date.parse(headers.get('date') ?? '')
      // RFC 9110, 6.6.1; a date that no clock has is not passed on.
      const date = new Date(Number.isNaN(made) ? at : at + credible(made - at)).toUTCString()
      const kept = { status, contentType: headers.get('content-type'), date, body, at }
      return [readAnswer(status, headers, body, wanted.key, at), kept]
    } catch {
      // Whatever it was, the back-off has to hold.
      return [silence('network'), null]
    }
  }

  return {
    async know(wanted, wish = 'due') {
      const { taskId } = wanted
      want(taskId)
      if (probe !== null && wish !== 'now' && !flights.has(taskId) && isWanted(taskId, wish)) {
        await probe
        want(taskId)
      }
      let flight = flights.get(taskId)
      let wait = 0
      if (flight === undefined && isWanted(taskId, wish)) {
        const at = now()
        const [taken, ms] = take(allowance, at, wish === 'now')
        wait = ms
        if (wait === 0) {
          allow(taken)
          flight = question(wanted, at).finally(() => {
            flights.delete(taskId)
            planned = null
          })
          flights.set(taskId, flight)
          planned = null
          if (held() !== null) waitFor(flight)
        }
      }
      const joined = flight !== undefined
      await flight
      const remembered = tasks.get(taskId) ?? NOTHING
      const until = wait > 0 ? now() + wait : null
      const isDown = wait > 0 && held() !== null
      return {
        record: remembered.record,
        answer: (isDown ? fault : null) ?? answerOf(remembered, joined),
        isDown,
        allowance,
        nextAt: until ?? nextAt(taskId),
        goodUntil: until ?? goodUntil(taskId),
      }
    },
    isBusy: () => flights.size > 0,
    isAccepted: () => accepted,
    isFull() {
      const { sent, refusal, ceiling, stated } = settle(allowance, now())
      const logs = [sent, ...(stated?.beside ?? []).map((one) => one.sent)]
      return logs.flat().length === 0 && refusal === null && ceiling === null
    },
    forgetOne: () => forgetOne(),
  }
}

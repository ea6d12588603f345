import { SECOND } from '../lib/units.ts'
import { ERROR_RULES } from '../upscayl/errors.ts'
import type { Understood } from '../upscayl/read-answer.ts'

/**
 * That the host does not answer, as far as the last questions tell. A host that is down is down for all
 * tasks, so one question at a time finds out when it is back, and the others wait for that one. Plain
 * JSON; all times are epoch milliseconds.
 */
export interface Outage {
  /** When the first question failed of those that none was answered after. */
  readonly since: number
  /** The task of all of them, while they may be its own fault; null: it is the host's. */
  readonly only: string | null
  /** No question is sent before, and then one. */
  readonly until: number
  /** When one was answered again; null while none is. */
  readonly over: number | null
}

/** The wait grows with the outage: as long as it has lasted at first, ... */
const SHORTEST_WAIT = 2 * SECOND
/** ... then this, so that nobody misses a return by much, ... */
const USUAL_WAIT = 20 * SECOND
/** ... and a tenth of it in the end, so that questions which count all the same do not use up the hour. */
const PART = 0.1
const LONGEST_WAIT = 60 * SECOND

/** By then a question is answered or given up: see client.ts. */
export const ANSWERED_AFTER = 20 * SECOND

/** What still matters at `now`. It is forgotten a while after its end, or when nobody tries any more. */
export function outageAt(outage: Outage | null, now: number): Outage | null {
  if (!outage || !((outage.over ?? outage.until) > now - LONGEST_WAIT)) return null
  const { since, until, over } = outage
  return {
    ...outage,
    since: Math.min(since, now),
    until: Math.min(until, now + LONGEST_WAIT),
    over: over === null ? null : Math.min(over, now),
  }
}

/** Until when no question is sent; null while the host answers, as far as is known. */
export const heldUntil = (outage: Outage | null): number | null =>
  outage !== null && isDown(outage) ? outage.until : null

const isDown = ({ only, over }: Outage): boolean => only === null && over === null

/** Sends one question to see whether the host answers; the others wait for it. */
export const tryHost = (outage: Outage | null, now: number): Outage | null =>
  outage !== null && isDown(outage) ? { ...outage, until: now + ANSWERED_AFTER } : outage

/** There is a reason to think that the host answers again: the next question does not wait. */
export const hurried = (outage: Outage | null, now: number): Outage | null =>
  outage !== null && isDown(outage) ? { ...outage, until: Math.min(outage.until, now) } : outage

/** A question that was sent: about which task, and how many about it had failed in a row before. */
export interface Asked {
  readonly taskId: string
  readonly failures: number
}

/** A task that has failed so often while others were answered has a fault of its own. */
const OWN_FAULT = 3

/** What is known of the host once a question has been answered, or has failed, at `at`. */
export function outageAfter(
  before: Outage | null,
  { result, unsent, given }: Understood,
  { taskId, failures }: Asked,
  at: number,
): Outage | null {
  const wasDown = before !== null && isDown(before)
  // What Loupe's server tells of the API is an answer too, and says when to come back.
  if (result.ok || given !== null || ERROR_RULES[result.error.kind].next !== 'retry') {
    return wasDown ? { ...before, over: at } : over(before)
  }
  if (!unsent && !wasDown && failures >= OWN_FAULT) return before
  const suspected = over(before) === null ? before : null
  const since = suspected?.since ?? at
  // What reached nobody has nothing to do with its task; else another has to fail as well. Answers that
  // cannot be read are a sign only where they go on.
  const isUnread = result.error.kind === 'upstream' && result.error.status < 500
  const another = suspected !== null && suspected.only !== taskId && (!isUnread || at > since)
  const isHost = unsent || wasDown || another
  if (!isHost) return { since, only: taskId, until: at, over: null }
  const lasted = at - since
  const wait = Math.max(SHORTEST_WAIT, Math.min(USUAL_WAIT, lasted), lasted * PART)
  return { since, only: null, until: at + Math.min(LONGEST_WAIT, wait), over: null }
}

/** One that is over, as far as it is remembered. */
const over = (outage: Outage | null): Outage | null =>
  outage === null || outage.over === null ? null : outage

import { ERROR_RULES } from '../api/errors.ts'
import type { ParsedResponse } from '../api/parse-response.ts'
import { SECOND } from '../lib/units.ts'

/**
 * An outage of the host, as inferred from the last requests. A host that is down is down for all tasks,
 * so one request at a time probes whether it is back, and the others wait for it. Plain JSON; all times
 * are epoch milliseconds.
 */
export interface Outage {
  /** When the first request failed of the current run of failures. */
  readonly since: number
  /** The only task that failed, while the cause may be that task; null: the host is down. */
  readonly only: string | null
  /** No request is sent before this time, and then only one. */
  readonly until: number
  /** When a request succeeded again; null until then. */
  readonly over: number | null
}

/** The wait grows with the outage: at first as long as it has lasted, ... */
const MIN_WAIT = 2 * SECOND
/** ... then this, so that a recovery is noticed soon, ... */
const USUAL_WAIT = 20 * SECOND
/** ... and finally a tenth of it, so that requests which still count do not use up the hourly quota. */
const PART = 0.1
const MAX_WAIT = 60 * SECOND

/** By then a request has a response or has timed out: see client.ts. */
export const MAX_RESPONSE_TIME = 20 * SECOND

/** The outage at `now`; null once it has been over for a while, or nothing probes the host any more. */
export function outageAt(outage: Outage | null, now: number): Outage | null {
  if (!outage || !((outage.over ?? outage.until) > now - MAX_WAIT)) return null
  const { since, until, over } = outage
  return {
    ...outage,
    since: Math.min(since, now),
    until: Math.min(until, now + MAX_WAIT),
    over: over === null ? null : Math.min(over, now),
  }
}

/** Time until which no request is sent; null while the host is not known to be down. */
export const downUntil = (outage: Outage | null): number | null =>
  outage !== null && isDown(outage) ? outage.until : null

const isDown = ({ only, over }: Outage): boolean => only === null && over === null

/** Reserves one request as the probe of the host; the others wait for it. */
export const tryHost = (outage: Outage | null, now: number): Outage | null =>
  outage !== null && isDown(outage) ? { ...outage, until: now + MAX_RESPONSE_TIME } : outage

/** The host may be back (such as after the network returned): the next request does not wait. */
export const hurried = (outage: Outage | null, now: number): Outage | null =>
  outage !== null && isDown(outage) ? { ...outage, until: Math.min(outage.until, now) } : outage

/** A request that was sent: its task, and how many requests for it had failed in a row before. */
export interface SentRequest {
  readonly taskId: string
  readonly failures: number
}

/** A task that fails this often while others succeed is itself the cause. */
const OWN_FAILURES = 3

/** The outage after a request succeeded or failed at `at`. */
export function outageAfter(
  before: Outage | null,
  { result, unsent, serverCache }: ParsedResponse,
  { taskId, failures }: SentRequest,
  at: number,
): Outage | null {
  const wasDown = before !== null && isDown(before)
  // A response from Loupe's server about the API counts as well, and carries its own retry time.
  if (result.ok || serverCache !== null || ERROR_RULES[result.error.kind].next !== 'retry') {
    return wasDown ? { ...before, over: at } : over(before)
  }
  if (!unsent && !wasDown && failures >= OWN_FAILURES) return before
  const suspected = over(before) === null ? before : null
  const since = suspected?.since ?? at
  // An unsent request says nothing about its task; otherwise a second task has to fail as well.
  // Unreadable responses count only if they continue.
  const isUnread = result.error.kind === 'upstream' && result.error.status < 500
  const another = suspected !== null && suspected.only !== taskId && (!isUnread || at > since)
  const isHost = unsent || wasDown || another
  if (!isHost) return { since, only: taskId, until: at, over: null }
  const lasted = at - since
  const wait = Math.max(MIN_WAIT, Math.min(USUAL_WAIT, lasted), lasted * PART)
  return { since, only: null, until: at + Math.min(MAX_WAIT, wait), over: null }
}

/** The outage if it is over; otherwise null. */
const over = (outage: Outage | null): Outage | null =>
  outage === null || outage.over === null ? null : outage

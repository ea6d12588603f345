import { ANSWERED_AFTER } from './outage.ts'
import type { Next } from './policy.ts'

/** What the server gave this tab of each task last: which answer, and until when there is no other. */
export type Heard = Map<string, { readonly at: number; readonly until: number }>

/**
 * The plan where the server asks for all: nothing before it may have news, but what this tab knows
 * nothing of (`isNew`) at once, for what the server knows costs no question. That it still asks for all
 * is known once something was `heard`: until then, one goes ahead. How long to wait after a failure is the
 * server's word, too, where it told one; where it is down itself, that is `held`. Pure.
 */
export const joined = (
  plan: ReadonlyMap<string, Next>,
  heard: Heard,
  isNew: (taskId: string) => boolean,
  held: number | null,
  now: number,
): ReadonlyMap<string, Next> => {
  const next = new Map(plan)
  let soonest = now
  // What is under way comes first in a plan.
  for (const [id, step] of plan) {
    const at = isNew(id) ? soonest : null
    if (at !== null && heard.size === 0) soonest = now + ANSWERED_AFTER
    if (step.kind === 'ask') {
      const until = heard.get(id)?.until ?? null
      const due = step.why === 'backoff' && until !== null ? Math.max(now, held ?? now) : step.at
      next.set(id, { ...step, at: at ?? Math.max(due, until ?? 0) })
    }
  }
  return next
}

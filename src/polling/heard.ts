import type { Next } from './policy.ts'

/** What the server gave this tab of each task last: which answer, and until when there is no other. */
export type Heard = Map<string, { readonly at: number; readonly until: number }>

/** By then the first answer has come: see client.ts. */
const FIRST_ANSWER = 20_000

/**
 * The plan where the server asks for all: nothing before it may have news, but what this tab knows
 * nothing of (`isNew`) at once, for what the server knows costs no question. That it still asks for all
 * is known once something was `heard`: until then, one goes ahead. Pure.
 */
export const joined = (
  plan: ReadonlyMap<string, Next>,
  heard: Heard,
  isNew: (taskId: string) => boolean,
  now: number,
): ReadonlyMap<string, Next> => {
  const next = new Map(plan)
  let soonest = now
  // What is under way comes first in a plan.
  for (const [id, step] of plan) {
    const at = isNew(id) ? soonest : null
    if (at !== null && heard.size === 0) soonest = now + FIRST_ANSWER
    if (step.kind === 'ask') {
      next.set(id, { ...step, at: at ?? Math.max(step.at, heard.get(id)?.until ?? 0) })
    }
  }
  return next
}

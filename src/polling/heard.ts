import type { Next } from './policy.ts'

/** What the server gave this tab of each task last: which answer, and until when there is no other. */
export type Heard = Map<string, { readonly at: number; readonly until: number }>

/**
 * The plan where the server asks for all: nothing before it may have news, but what this tab knows
 * nothing of (`isNew`) at once, for what the server knows costs no question. Pure.
 */
export const joined = (
  plan: ReadonlyMap<string, Next>,
  heard: Heard,
  isNew: (taskId: string) => boolean,
  now: number,
): ReadonlyMap<string, Next> =>
  new Map(
    Array.from(plan, ([id, step]) => [
      id,
      step.kind === 'ask'
        ? { ...step, at: isNew(id) ? now : Math.max(step.at, heard.get(id)?.until ?? 0) }
        : step,
    ]),
  )

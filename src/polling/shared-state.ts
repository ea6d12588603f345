import * as v from 'valibot'
import { onNetwork, saysOffline } from '../lib/browser/network.ts'
import { now } from '../lib/clock.ts'
import { type SharedValue, sharedValue } from '../lib/shared-value.ts'
import { type Allowance, fullAllowance, MOST_LIMITS } from './budget.ts'
import { hurried } from './outage.ts'

/*
 * What all tabs of a key share and what outlives reloads and crashes: the allowance and whether
 * asking is paused. Kept in localStorage under the key's hash; it holds times and numbers, no key.
 */

export interface Shared {
  readonly allowance: Allowance
  /** The person stopped all questions by themselves. */
  readonly paused: boolean
  /** The server counts for all who ask through it, and answers from memory: no question is held back here. */
  readonly counted: boolean
}

const quota = {
  limit: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  windowMs: v.pipe(v.number(), v.minValue(1000), v.maxValue(7 * 24 * 3_600_000)),
  sent: v.pipe(v.array(v.number()), v.maxLength(100_000)),
}

export const allowanceSchema: v.GenericSchema<unknown, Allowance> = v.object({
  ...quota,
  refusal: v.nullable(v.object({ at: v.number(), until: v.number() })),
  ceiling: v.nullable(v.object({ limit: v.number(), until: v.number() })),
  // An earlier Loupe had each task wait for itself.
  outage: v.optional(
    v.nullable(
      v.object({
        since: v.number(),
        only: v.nullable(v.string()),
        until: v.number(),
        over: v.nullable(v.number()),
      }),
    ),
    null,
  ),
  // An earlier Loupe knew one limit only.
  stated: v.optional(
    v.nullable(
      v.object({
        until: v.number(),
        beside: v.pipe(v.array(v.object(quota)), v.maxLength(MOST_LIMITS)),
      }),
    ),
    null,
  ),
})

const schema: v.GenericSchema<unknown, Shared> = v.object({
  allowance: allowanceSchema,
  paused: v.boolean(),
  counted: v.optional(v.boolean(), false),
})

export type SharedState = SharedValue<Shared>

export function sharedState(keyHash: string): SharedState {
  const initial: Shared = { allowance: fullAllowance(), paused: false, counted: false }
  return sharedValue(`loupe:asking:${keyHash}`, initial, (json) => {
    const parsed = v.safeParse(schema, json)
    return parsed.success ? parsed.output : null
  })
}

/** When the browser says that its network is back, the next question, which tells, does not wait. */
export const hurryWhenBack = (shared: SharedState): (() => void) =>
  onNetwork(() => {
    if (saysOffline()) return
    shared.change((all) => {
      const { allowance } = all
      return { ...all, allowance: { ...allowance, outage: hurried(allowance.outage, now()) } }
    })
  })

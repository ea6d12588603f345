import * as v from 'valibot'
import { onNetwork, saysOffline } from '../lib/browser/network.ts'
import { now } from '../lib/clock.ts'
import { type SharedValue, sharedValue } from '../lib/shared-value.ts'
import { allowanceSchema } from './allowance-schema.ts'
import { type Allowance, fullAllowance } from './budget.ts'
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

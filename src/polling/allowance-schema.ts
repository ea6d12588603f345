import * as v from 'valibot'
import { type Allowance, MOST_LIMITS } from './budget.ts'

const quota = {
  limit: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  windowMs: v.pipe(v.number(), v.minValue(1000), v.maxValue(7 * 24 * 3_600_000)),
  sent: v.pipe(v.array(v.number()), v.maxLength(100_000)),
}

/** What is kept of an allowance, by this Loupe or an earlier one: in browsers and on the server. */
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

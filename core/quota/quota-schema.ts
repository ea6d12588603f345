import * as v from 'valibot'
import { MAX_LIMITS, type Quota } from './quota.ts'

const quota = {
  limit: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
  windowMs: v.pipe(v.number(), v.minValue(1000), v.maxValue(7 * 24 * 3_600_000)),
  sent: v.pipe(v.array(v.number()), v.maxLength(100_000)),
}

/** Stored quota, written by this version or an earlier one, in browsers and on the server. */
export const quotaSchema: v.GenericSchema<unknown, Quota> = v.object({
  ...quota,
  refusal: v.nullable(v.object({ at: v.number(), until: v.number() })),
  ceiling: v.nullable(v.object({ limit: v.number(), until: v.number() })),
  // Missing in earlier versions, where each task waited on its own.
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
  // Missing in earlier versions, which supported one limit only.
  stated: v.optional(
    v.nullable(
      v.object({
        until: v.number(),
        beside: v.pipe(v.array(v.object(quota)), v.maxLength(MAX_LIMITS)),
      }),
    ),
    null,
  ),
})

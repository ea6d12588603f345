import * as v from 'valibot'
import { type SharedValue, sharedValue } from '../lib/shared-value.ts'
import { HOUR } from '../lib/units.ts'
import { allowanceSchema } from '../polling/allowance-schema.ts'
import { type Allowance, fullAllowance } from '../polling/budget.ts'

/** Starts an hour; the older public API description has it so. */
const LIMIT = 50

/** How many tasks a key may still start, counted by all tabs together. */
export const startAllowance = (keyHash: string): SharedValue<Allowance> =>
  sharedValue(`loupe:starting:${keyHash}`, fullAllowance(LIMIT), (json) => {
    const parsed = v.safeParse(allowanceSchema, json)
    return parsed.success ? { ...parsed.output, limit: LIMIT, windowMs: HOUR } : null
  })

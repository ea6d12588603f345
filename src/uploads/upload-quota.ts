import * as v from 'valibot'
import { jsonFormat } from '../../core/lib/parse-json.ts'
import { HOUR } from '../../core/lib/units.ts'
import { fullQuota, type Quota } from '../../core/quota/quota.ts'
import { quotaSchema } from '../../core/quota/quota-schema.ts'
import { persisted, type Store } from '../lib/store.ts'

/** Starts per hour, from the older public API description. */
const LIMIT = 50

const schema: v.GenericSchema<unknown, Quota> = v.pipe(
  quotaSchema,
  // A limit that the API reported applies instead.
  v.transform((kept) => (kept.stated === null ? { ...kept, limit: LIMIT, windowMs: HOUR } : kept)),
)

/** Number of tasks that a key may still start, counted across all tabs. */
export const uploadQuota = (keyHash: string): Store<Quota> =>
  persisted(`loupe:starting:${keyHash}`, fullQuota(LIMIT), jsonFormat(schema))

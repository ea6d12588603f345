import { DAY } from '../lib/units.ts'

export const MIB = 1024 * 1024

/** Maximum size of one image (CONTRACT.md, "Starting a task"). */
export const MAX_FILE_BYTES = 100 * MIB

/** Maximum size of the list of an upload's parts: 10,000 of them fit, the most that S3 allows. */
export const MAX_COMPLETE_BYTES = MIB

/** Maximum size of a whole form: one image, plus 1 MiB for its other fields. */
export const MAX_FORM_BYTES = MAX_FILE_BYTES + MIB

/** How long Loupe's server keeps the outcome of a start, so that repeating it starts no second task. */
export const STARTS_KEPT_MS = DAY

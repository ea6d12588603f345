export const MIB = 1024 * 1024

/** Maximum size of one image (CONTRACT.md, "Starting a task"). */
export const MAX_FILE_BYTES = 100 * MIB

/** Maximum size of a whole form: one image, plus 1 MiB for its other fields. */
export const MAX_FORM_BYTES = MAX_FILE_BYTES + MIB

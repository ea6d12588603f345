export const MIB = 1024 * 1024

/** Of one image (CONTRACT.md, "Starting a task"). */
export const MOST_FILE_BYTES = 100 * MIB

/** Of a whole form: one image, and room for its fields. */
export const MOST_FORM_BYTES = MOST_FILE_BYTES + MIB

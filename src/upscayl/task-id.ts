/** An id that is safe as one segment of a URL path. Ids of the API are UUIDs today; nothing promises that. */
export type TaskId = string & { readonly __brand: 'TaskId' }

export const MAX_TASK_ID_LENGTH = 128
const TASK_ID = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._~-]{0,${MAX_TASK_ID_LENGTH - 1}}$`)

/** The id, or null: for doors where a sentence is of no use (routes, storage). */
export const asTaskId = (text: string): TaskId | null =>
  TASK_ID.test(text) ? (text as TaskId) : null

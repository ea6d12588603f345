import * as v from 'valibot'

/** An ID that is safe as a URL path segment. The API's IDs are UUIDs today, but that is not guaranteed. */
export type TaskId = string & { readonly __brand: 'TaskId' }

export const MAX_TASK_ID_LENGTH = 128
const TASK_ID = new RegExp(`^[A-Za-z0-9][A-Za-z0-9._~-]{0,${MAX_TASK_ID_LENGTH - 1}}$`)

/** The ID or null, for parsers that need no error message (routes, storage). */
export const asTaskId = (text: string): TaskId | null =>
  TASK_ID.test(text) ? (text as TaskId) : null

export const taskIdSchema = v.pipe(
  v.string(),
  v.transform(asTaskId),
  v.check((id) => id !== null),
) as v.GenericSchema<unknown, TaskId>

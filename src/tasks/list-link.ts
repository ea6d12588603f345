import { asTaskId, type TaskId } from '../../core/api/task-id.ts'
import { MAX_LINK_LENGTH } from '../lib/paths.ts'
import { MAX_ENTRIES } from './tracked-task.ts'

/*
 * A list as a link. Its IDs are in the fragment, which browsers do not send to servers; IDs need no
 * escaping there.
 */

const NAME = 'tasks'

/** Fragment of a link to these IDs, with its '#'. `fitting` returns how many IDs fit into a link. */
export const listHash = (ids: readonly TaskId[]): string =>
  `#${NAME}=${ids.slice(0, MAX_ENTRIES).join(',')}`

/** How many of the first `ids` fit into a link whose part before the fragment has `before` characters. */
export function fitting(ids: readonly TaskId[], before = 0): number {
  let length = before + listHash([]).length
  let count = 0
  for (const id of ids.slice(0, MAX_ENTRIES)) {
    length += id.length + (count === 0 ? 0 : 1)
    if (length > MAX_LINK_LENGTH) break
    count++
  }
  return count
}

/** The unique IDs of a fragment; null if it is not a link to a list. Invalid IDs are dropped. */
export function readListHash(hash: string): readonly TaskId[] | null {
  const list = new URLSearchParams(hash.replace(/^#/, '')).get(NAME)
  if (list === null) return null
  const ids = new Set<TaskId>()
  for (const text of list.split(',')) {
    const id = asTaskId(text.trim())
    if (id !== null) ids.add(id)
    if (ids.size === MAX_ENTRIES) break
  }
  return [...ids]
}

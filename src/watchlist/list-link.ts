import { LONGEST_LINK } from '../lib/longest-link.ts'
import { asTaskId, type TaskId } from '../upscayl/task-id.ts'
import { MOST_ENTRIES } from './entry.ts'

/*
 * A list as a link. Its ids are in the fragment, which browsers send to no server; every character of
 * an id may stand in one as it is.
 */

const NAME = 'tasks'

/** The fragment of a link to these ids, with its '#'. How many of them a link can hold, `fitting` says. */
export const listHash = (ids: readonly TaskId[]): string =>
  `#${NAME}=${ids.slice(0, MOST_ENTRIES).join(',')}`

/** How many of `ids`, from the first, fit into a link whose part before the fragment has `before` characters. */
export function fitting(ids: readonly TaskId[], before = 0): number {
  let length = before + listHash([]).length
  let count = 0
  for (const id of ids.slice(0, MOST_ENTRIES)) {
    length += id.length + (count === 0 ? 0 : 1)
    if (length > LONGEST_LINK) break
    count++
  }
  return count
}

/** The ids of a fragment, each once; null where it is no link to a list. What is no id in it is left out. */
export function readListHash(hash: string): readonly TaskId[] | null {
  const list = new URLSearchParams(hash.replace(/^#/, '')).get(NAME)
  if (list === null) return null
  const ids = new Set<TaskId>()
  for (const text of list.split(',')) {
    const id = asTaskId(text.trim())
    if (id !== null) ids.add(id)
    if (ids.size === MOST_ENTRIES) break
  }
  return [...ids]
}

import type { TaskId } from '../upscayl/task-id.ts'
import type { Entry } from './entry.ts'
import { mergeEntries } from './merge.ts'

/** What is found in a text, gathered while it is read. */
export interface Found {
  readonly id: (id: TaskId) => void
  readonly entry: (entry: Entry) => void
  /** A line or a part that was not understood. */
  readonly unread: (text: string) => void
}

export interface Gathered {
  /** Each once, in the order of first sight, and no more than asked for. */
  readonly ids: readonly TaskId[]
  /** What is remembered of some of these ids. */
  readonly entries: readonly Entry[]
  readonly unread: readonly string[]
  /** Ids beyond those. */
  readonly tooMany: number
}

/** The name of a field or a column, however it is written: task_id, Task ID and taskId are one. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '')

export function gather(read: (found: Found) => void, most: number): Gathered {
  const known = new Map<TaskId, Entry | null>()
  const unread: string[] = []
  read({
    id: (id) => {
      if (!known.has(id)) known.set(id, null)
    },
    entry: (entry) => {
      const had = known.get(entry.id) ?? null
      known.set(entry.id, had === null ? entry : mergeEntries(had, entry))
    },
    unread: (text) => {
      if (text.trim() !== '') unread.push(text)
    },
  })
  const taken = [...known].slice(0, most)
  return {
    ids: taken.map(([id]) => id),
    entries: taken.flatMap(([, entry]) => entry ?? []),
    unread,
    tooMany: known.size - taken.length,
  }
}

import type { Settings } from '../../core/api/task.ts'
import { safeText } from '../../core/lib/safe-text.ts'
import type { TaskRecord } from '../../core/record/task-record.ts'
import type { TaskSource } from './task-source.ts'

/** The part of a tracked task that its title and image come from. A page without the list has no source. */
export interface Titled {
  readonly id: string
  readonly record: TaskRecord
  readonly source?: TaskSource | null
}

const MAX_LENGTH = 160
/** The part of a UUID before its first hyphen tells it from others on one page; other IDs start alike. */
const UUID_START = /^[0-9a-f]{8}(?=-)/i
const MAX_ID = 28

/** Name of the image, as "tram.jpg" or "tram.jpg + 5 more"; else the short ID. Safe to display. */
export function taskTitle(task: Titled): string {
  const title = safeText(taskName(task) ?? '', MAX_LENGTH)
  if (title === '') return shortId(task.id)
  // As many as the API reports, else as were sent.
  const files = task.record.task?.files.length ?? 0
  const more = files > 0 ? files - 1 : (task.source?.more ?? 0)
  return more > 0 ? `${title} + ${more} more` : title
}

/** Name of the uploaded image, or of the first file that has one; null if none is known. */
export function taskName({ record, source }: Omit<Titled, 'id'>): string | null {
  if (source?.name) return source.name
  for (const { originalName, storedName } of record.task?.files ?? []) {
    const name = originalName ?? storedName
    if (name !== null) return name
  }
  return null
}

/** The first block of a UUID; any other ID whole, or cut if very long. */
export function shortId(id: string): string {
  const start = UUID_START.exec(id)?.[0] ?? id.slice(0, MAX_ID)
  return start === id ? id : `${start}…`
}

/** URL of a small image: one that is kept here if there is one, else the API's, which expires; or null. */
export const taskThumb = (task: Titled & { readonly thumb?: string | null }): string | null =>
  task.thumb ?? task.source?.thumb ?? thumbLink(task.record)

/** The API's link to a thumbnail, or null. */
const thumbLink = ({ task }: TaskRecord): string | null =>
  task?.files.find(({ thumbnailUrl }) => thumbnailUrl !== null)?.thumbnailUrl ?? null

/** Settings that the API reports, else those that the task was started with here. */
export const taskSettings = (entry: {
  readonly record: TaskRecord
  readonly settings?: Settings | null
}): Settings | null => entry.record.task?.settings ?? entry.settings ?? null

import { type TrackedTask, toStored, VERSION, withoutImages, withRecord } from './tracked-task.ts'

/**
 * The list as JSON: one task per line, in an order and a format that depend only on the records, so that
 * two exports can be compared. It contains no links to files or images.
 */
export function exportList(entries: readonly TrackedTask[]): string {
  const lines = [...entries]
    .sort((a, b) => a.addedAt - b.addedAt || (a.id < b.id ? -1 : 1))
    .map((entry) =>
      JSON.stringify(toStored(withoutImages(withRecord(entry, entry.record))), sortedKeys),
    )
  const tasks = lines.length === 0 ? '' : `\n${lines.join(',\n')}\n`
  return `{"loupe":"list","version":${VERSION},"tasks":[${tasks}]}\n`
}

const sortedKeys = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

import type { TaskRecord } from '../../core/record/task-record.ts'

/** The record with these small images for the files whose thumbnail was not shared, in the order of the files. */
export function withPreviews<T extends TaskRecord>(
  record: T,
  previews: readonly (string | null)[],
): T {
  const { task } = record
  if (task === null || previews.length === 0) return record
  const files = task.files.map((file, place) => ({
    ...file,
    thumbnailUrl: file.thumbnailUrl ?? previews[place] ?? null,
  }))
  return { ...record, task: { ...task, files } }
}

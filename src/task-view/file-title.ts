import type { TaskFile } from '../../core/api/task.ts'

/** Name by which users know the file. */
export const fileTitle = (file: TaskFile): string =>
  file.originalName ?? file.storedName ?? 'Unnamed file'

/** Null unless every file has a size. */
export const totalBytes = (files: readonly TaskFile[]): number | null =>
  files.reduce<number | null>(
    (sum, { size }) => (sum === null || size === null ? null : sum + size),
    0,
  )

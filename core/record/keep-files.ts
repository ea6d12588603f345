import type { Task, TaskFile } from '../api/task.ts'
import { placeOf } from '../lib/link-path.ts'

/**
 * The task of a response, with links from the previous one (`had`) where this one has none: a shorter
 * list removes no file, since its host may still serve it. Pure.
 */
export function withKeptFiles(task: Task, had: Task | null): Task {
  if (task.kind !== 'processed' || had?.kind !== 'processed') return task
  const before = linked(had.files)
  if (linked(task.files).length >= before.length) return task
  const known = new Map(before.map((file) => [file.id, file]))
  const files = task.files.map((file) =>
    file.downloadUrl === null ? withLinkOf(file, known.get(file.id)) : file,
  )
  const ids = new Set(files.map(({ id }) => id))
  const places = new Set(linked(files).map(({ downloadUrl }) => placeOf(downloadUrl)))
  const lost = before.filter((file) => !ids.has(file.id) && !places.has(placeOf(file.downloadUrl)))
  return { ...task, files: [...files, ...lost] }
}

type Linked = TaskFile & { readonly downloadUrl: string }

const linked = (files: readonly TaskFile[]): Linked[] =>
  files.filter((file): file is Linked => file.downloadUrl !== null)

const withLinkOf = (file: TaskFile, had: TaskFile | undefined): TaskFile =>
  had === undefined
    ? file
    : {
        ...file,
        expiresAt: had.expiresAt,
        downloadUrl: had.downloadUrl,
        thumbnailUrl: file.thumbnailUrl ?? had.thumbnailUrl,
      }

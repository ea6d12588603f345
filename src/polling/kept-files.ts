import { placeOf } from '../lib/place-of.ts'
import type { Task, TaskFile } from '../upscayl/task.ts'

/**
 * A result as an answer lists it, with the links of the last answer (`had`) that this one has none for: a
 * list that came back shorter takes no file away, which its host may still give. Pure.
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

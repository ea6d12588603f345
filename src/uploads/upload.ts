import type { Dimensions } from '../../core/api/task.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import type { CreateTaskError, Source, StartSettings } from '../api/create-task.ts'
import type { EarlierTask } from './earlier-task.ts'

/** A file that an earlier load of the page was given: its bytes are there once it is chosen again. */
export interface MissingFile {
  readonly kind: 'missing'
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** Epoch milliseconds. */
  readonly lastModified: number
}

export type ImageSource = Source | MissingFile
export type FileSource = Exclude<ImageSource, { kind: 'url' }>

/** Images of one task, in order: all files, or all URLs. */
export interface Group {
  readonly kind: 'group'
  readonly sources: readonly ImageSource[]
}

/** Files or URLs, of which there is more than one in a group. */
export const sourcesOf = (source: ImageSource | Group): readonly ImageSource[] =>
  source.kind === 'group' ? source.sources : [source]

/** Name, size and date of a file, whether it is there or missing. */
export const factsOf = (source: FileSource): Omit<MissingFile, 'kind'> =>
  source.kind === 'file' ? source.file : source

/** Key that is equal for identical images. */
export function identityOf(source: ImageSource): string {
  if (source.kind === 'url') return source.url
  const { lastModified, size, name } = factsOf(source)
  return `${lastModified} ${size} ${name}`
}

/** An image, or a group of them, on its way to becoming a task. */
export interface Upload {
  /** Unique on this page only. */
  readonly id: string
  readonly source: ImageSource | Group
  readonly state: UploadState
  /** In pixels: from the header of the file, then as decoded. Null if unknown, as for URLs and groups. */
  readonly dimensions: Dimensions | null
  /** Small image as a data URL, of a group its first; null until it is there, and for files that cannot be decoded. */
  readonly thumbnail: string | null
  /** Settings of its last start; null before the first. */
  readonly settings: StartSettings | null
  /** The task that it is run again from; null for none, and for a group from several. */
  readonly earlier: EarlierTask | null
}

/** A decoded image. */
export interface Preview extends Dimensions {
  /** Data URL; null if it could not be drawn. */
  readonly thumbnail: string | null
}

/** Errors that end an attempt. After a limit it waits. */
export type AttemptError = Exclude<CreateTaskError, { kind: 'limited' }>

export type UploadState =
  /** The first bytes are being read. */
  | { readonly kind: 'checking' }
  /** The image can't become a task; `why` is a sentence for the user. Nothing was sent. */
  | { readonly kind: 'invalid'; readonly why: string }
  | { readonly kind: 'ready' }
  /** Queued; `until` (epoch ms) is set when the hourly quota is used up until then. */
  | { readonly kind: 'waiting'; readonly until: number | null }
  /** `sent`: 0 to 1. At 1 the upload waits for the response. */
  | { readonly kind: 'sending'; readonly sent: number }
  /** `credits`: the API's estimate of the deduction; null if not reported. */
  | { readonly kind: 'started'; readonly taskId: TaskId; readonly credits: number | null }
  /** `again`: a retry is possible and won't start a second task. */
  | { readonly kind: 'failed'; readonly error: AttemptError; readonly again: boolean }
  /** No task was started. */
  | { readonly kind: 'cancelled' }
  /**
   * Was under way when the page was left, and continues once its files are chosen again. `needed`: their names.
   * `sent`: 0 to 1, what the storage has. `unsure`: a task may have been started; continuing starts no second one.
   */
  | {
      readonly kind: 'interrupted'
      readonly needed: readonly string[]
      readonly sent: number
      readonly unsure: boolean
    }
  /** The same, but it can't continue. No task was started. */
  | { readonly kind: 'abandoned'; readonly why: 'expired' | 'closed' }

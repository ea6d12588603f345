import type { ApiError } from '../upscayl/errors.ts'
import { REMOVED, type Scrub, scrubAddresses } from '../upscayl/scrub.ts'
import type { Task, TaskFile } from '../upscayl/task.ts'
import { withTexts } from '../upscayl/task-texts.ts'
import { isWebLink } from '../upscayl/wire.ts'
import { type TaskRecord, UNASKED } from './task-record.ts'

/** What a sender lets others see of a task; the rest of it they see in any case. */
export interface Shown {
  readonly credits: boolean
  /** The links to files and to their small pictures. Whoever has such a link has the file. */
  readonly links: boolean
}

/**
 * The record as others may see it: what is not `shown` is not in it, in no field and in no text. Nor
 * is what only the policy needs, nor where the account keeps its files. Pure.
 */
export function shownOf(record: TaskRecord, shown: Shown): TaskRecord {
  const { task, failure } = record
  const scrub = shown.links ? asItIs : scrubOf(task)
  const error = failure && shownError(failure.error, shown, scrub)
  return {
    ...record,
    task: task && shownTask(task, shown, scrub),
    failure: failure && error && { ...failure, error },
    observations: [],
    announced: shown.credits ? record.announced : null,
    receipt: shown.credits ? record.receipt : UNASKED.receipt,
  }
}

const asItIs: Scrub = (text) => text

/** A link that stands for a name is no name. */
function scrubOf(task: Task | null): Scrub {
  // In a text an address ends at a space, but a link may have one in it.
  const spaced = (task?.files ?? [])
    .flatMap(({ downloadUrl, thumbnailUrl }) => [downloadUrl ?? '', thumbnailUrl ?? ''])
    .filter((link) => /\s/.test(link))
  return (text) =>
    isWebLink(text)
      ? ''
      : scrubAddresses(spaced.reduce((rest, link) => rest.replaceAll(link, REMOVED), text))
}

function shownTask(task: Task, { credits, links }: Shown, scrub: Scrub): Task {
  const scrubbed = withTexts(task, scrub)
  return {
    ...scrubbed,
    credits: credits ? task.credits : { state: 'unknown', amount: null },
    files: scrubbed.files.map((file, index) => ({
      ...(links ? file : withoutLinks(file, index)),
      // It comes of the file's place in the account.
      id: `file-${index}`,
    })),
  }
}

/** Null where the error itself is not `shown`. */
function shownError(error: ApiError, { credits }: Shown, scrub: Scrub): ApiError | null {
  if (!credits && error.kind === 'credits') return null
  if (!('message' in error) || error.message === null) return error
  // What the API says there may be of the account's credits.
  return { ...error, message: credits ? scrub(error.message) || null : null }
}

/** The file without any link to it, also where an answer knew it, or its name, by nothing but a link. */
export const withoutLinks = (file: TaskFile, index: number): TaskFile => ({
  ...file,
  id: isWebLink(file.id) ? `link-${index}` : file.id,
  originalName: unlinked(file.originalName),
  storedName: unlinked(file.storedName),
  downloadUrl: null,
  thumbnailUrl: null,
})

const unlinked = (name: string | null) => (name !== null && isWebLink(name) ? null : name)

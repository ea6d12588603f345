import type { ApiError } from '../api/errors.ts'
import { isWebLink, withoutLinks } from '../api/file-links.ts'
import { REMOVED, type Scrub, scrubAddresses } from '../api/redact-secrets.ts'
import type { Task } from '../api/task.ts'
import { withTexts } from '../api/task-texts.ts'
import type { Visibility } from '../api/visibility.ts'
import { EMPTY_RECORD, type TaskRecord } from './task-record.ts'

/**
 * The record as others may see it: nothing that is not `shown` is left in any field or text, nor is data
 * that only the scheduler needs, nor the account's storage paths. Pure.
 */
export function redact(record: TaskRecord, shown: Visibility): TaskRecord {
  const { task, failure } = record
  const scrub = shown.links ? asItIs : scrubOf(task)
  const error = failure && shownError(failure.error, shown, scrub)
  return {
    ...record,
    task: task && shownTask(task, shown, scrub),
    failure: failure && error && { ...failure, error },
    observations: [],
    quotedCredits: shown.credits ? record.quotedCredits : null,
    deduction: shown.credits ? record.deduction : EMPTY_RECORD.deduction,
  }
}

const asItIs: Scrub = (text) => text

/** Removes URLs from texts; a name that is a URL becomes ''. */
function scrubOf(task: Task | null): Scrub {
  // The URL pattern ends at a space, but a file link may contain one.
  const spaced = (task?.files ?? [])
    .flatMap(({ downloadUrl, thumbnailUrl }) => [downloadUrl ?? '', thumbnailUrl ?? ''])
    .filter((link) => /\s/.test(link))
  return (text) =>
    isWebLink(text)
      ? ''
      : scrubAddresses(spaced.reduce((rest, link) => rest.replaceAll(link, REMOVED), text))
}

function shownTask(task: Task, { credits, links }: Visibility, scrub: Scrub): Task {
  const scrubbed = withTexts(task, scrub)
  return {
    ...scrubbed,
    credits: credits ? task.credits : { state: 'unknown', amount: null },
    files: scrubbed.files.map((file, index) => ({
      ...(links ? file : withoutLinks(file, index)),
      // The original ID is derived from the file's path in the account.
      id: `file-${index}`,
    })),
  }
}

/** Null if the error itself is not `shown`. */
function shownError(error: ApiError, { credits }: Visibility, scrub: Scrub): ApiError | null {
  if (!credits && error.kind === 'credits') return null
  if (!('message' in error) || error.message === null) return error
  // The API's message may mention the account's credits.
  return { ...error, message: credits ? scrub(error.message) || null : null }
}

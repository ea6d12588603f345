import { err, ok, type Result } from '../lib/result.ts'
import { hasUnsafe } from '../lib/safe-text.ts'
import { asTaskId, MAX_TASK_ID_LENGTH, type TaskId } from './task-id.ts'

const TASK_PATH = /\/tasks\/([^/?#]*)/

/**
 * Parses user input: an ID, or any link that contains `/tasks/<id>`. The error is a sentence for the user.
 */
export function parseTaskId(input: string): Result<TaskId, string> {
  const text = input.trim()
  if (text === '') return err('Paste a task ID or a link to a task.')
  const inLink = TASK_PATH.exec(text)?.[1]
  if (inLink === undefined && /^https?:/i.test(text)) {
    return err('This link has no task ID. A link to a task looks like …/tasks/<task ID>.')
  }
  const candidate = inLink === undefined ? text : decoded(inLink)
  const id = asTaskId(candidate)
  if (id !== null) return ok(id)
  if (candidate.length > MAX_TASK_ID_LENGTH) {
    return err(
      `This is ${candidate.length.toLocaleString('en')} characters long. A task ID has at most ${MAX_TASK_ID_LENGTH}.`,
    )
  }
  if (/\s/.test(candidate)) return err('A task ID has no spaces or line breaks. Paste a single ID.')
  if (hasUnsafe(candidate)) {
    return err('This contains invisible characters, such as direction marks. Copy the ID again.')
  }
  return err('A task ID contains only letters, digits and - _ . ~')
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

import { err, ok, type Result } from '../lib/result.ts'
import { hasUnsafe } from '../lib/safe-text.ts'
import { asTaskId, MAX_TASK_ID_LENGTH, type TaskId } from './task-id.ts'

const TASK_PATH = /\/tasks\/([^/?#]*)/

/**
 * Reads what a person typed or pasted: an id, or any link with `/tasks/<id>` in it.
 * The error is a sentence for that person.
 */
export function parseTaskId(input: string): Result<TaskId, string> {
  const text = input.trim()
  if (text === '') return err('Paste a task id or a link to a task.')
  const inLink = TASK_PATH.exec(text)?.[1]
  if (inLink === undefined && /^https?:/i.test(text)) {
    return err('This link has no task in it. A task link looks like …/tasks/<task id>.')
  }
  const candidate = inLink === undefined ? text : decoded(inLink)
  const id = asTaskId(candidate)
  if (id !== null) return ok(id)
  if (candidate.length > MAX_TASK_ID_LENGTH) {
    return err(
      `This is ${candidate.length.toLocaleString('en')} characters long. A task id has at most ${MAX_TASK_ID_LENGTH}.`,
    )
  }
  if (/\s/.test(candidate)) return err('A task id has no spaces or line breaks. Paste one id.')
  if (hasUnsafe(candidate)) {
    return err('This holds invisible characters, such as direction marks. Copy the id once more.')
  }
  return err('A task id has only letters, digits and the signs - _ . ~ in it.')
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

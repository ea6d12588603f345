import { isModelId } from '../../core/api/models.ts'
import { parseTaskId } from '../../core/api/parse-task-id.ts'
import { asTaskId, MAX_TASK_ID_LENGTH, type TaskId } from '../../core/api/task-id.ts'
import { readListHash } from './list-link.ts'

/*
 * Nearly any word may be a task ID, so the rest of the line decides: links and IDs of a known form always
 * count, else a single word, else words that look like IDs.
 */

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** IDs of the sandbox. */
const SANDBOX = /^(sentinel|recording)-[a-z0-9]/i
const MIN_WORD_LENGTH = 8
/** Longer words cannot contain an ID, even with each character percent-encoded. */
const MAX_WORD_LENGTH = 3 * MAX_TASK_ID_LENGTH + 20
const FILE_NAME = /\.(png|jpe?g|webp|gif|bmp|tiff?|avif|heic|svg|zip|csv|tsv|json|txt|pdf)$/i
const NUMBER_OR_DATE = /^([\d._~-]+|\d{4}-\d\d-\d\dT.*)$/
const BULLET = /^\s*(?:[-*•]|\d+[.)])\s+/
const WRAPPING = /^["'`([{<]+|["'`)\]}>,;]+$/g

/** The IDs in a line of text, in order; empty if it cannot be parsed. */
export function idsInLine(line: string): readonly TaskId[] {
  // Even links are at least as long as an ID among other words.
  const parts = partsOf(line).filter((part) => part.length >= MIN_WORD_LENGTH)
  const certain = parts.flatMap((part) => inLink(part) ?? wordsOf(part).filter(isCertainId))
  if (certain.length > 0) return certain
  const alone = idIn(line.replace(BULLET, '').trim(), WRAPPING)
  return alone === null ? parts.flatMap(wordsOf).filter(looksLikeId) : [alone]
}

/** Whether a word has a format that only task IDs have. */
export const isCertainId = (word: string): boolean => UUID.test(word) || SANDBOX.test(word)

/** Splits at commas, except in a link to a list, which contains them. */
const partsOf = (line: string): string[] =>
  line
    .split(/[\s"'`<>(){}[\]]+/)
    .flatMap((part) => (part.includes('#tasks=') ? part : part.split(/[,;|]/)))

/** The IDs in a link; null if the part is not a link. */
function inLink(part: string): readonly TaskId[] | null {
  if (part.includes('#tasks=')) return readListHash(part.slice(part.indexOf('#tasks=')))
  return part.match(/\/tasks\/[^/?#]*/g)?.flatMap((link) => idIn(link, /[.:!]+$/) ?? []) ?? null
}

/** Words that may be IDs, without those in other links, paths and email addresses. */
const wordsOf = (part: string): readonly TaskId[] =>
  /[/@\\]/.test(part)
    ? []
    : part.split(/[^\w.~-]+/).flatMap((word) => idIn(word, /^[._~-]+|[._~-]+$/g) ?? [])

/** The ID in a word or a link, without surrounding characters. */
function idIn(text: string, around: RegExp): TaskId | null {
  if (text.length > MAX_WORD_LENGTH) return null
  const bare = text.replace(around, '')
  if (!bare.startsWith('/tasks/')) return asTaskId(bare)
  const id = parseTaskId(bare)
  return id.ok ? id.value : null
}

const looksLikeId = (word: string): boolean =>
  word.length >= MIN_WORD_LENGTH &&
  /\d/.test(word) &&
  !FILE_NAME.test(word) &&
  !NUMBER_OR_DATE.test(word) &&
  !isModelId(word.toLowerCase())

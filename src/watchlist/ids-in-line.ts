import { isModelId } from '../upscayl/models.ts'
import { parseTaskId } from '../upscayl/parse-task-id.ts'
import { asTaskId, MAX_TASK_ID_LENGTH, type TaskId } from '../upscayl/task-id.ts'
import { readListHash } from './list-link.ts'

/*
 * Nearly any word may be the id of a task, so how much a line has in it decides what is taken for one:
 * links and ids of a known form always, else a word that stands alone, else words that look like ids.
 */

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Ids that the sandbox has. */
const SANDBOX = /^(sentinel|recording)-[a-z0-9]/i
const SHORTEST_WORD = 8
/** What is longer has no id in it, not even with each sign of it escaped. */
const LONGEST_PART = 3 * MAX_TASK_ID_LENGTH + 20
const FILE_NAME = /\.(png|jpe?g|webp|gif|bmp|tiff?|avif|heic|svg|zip|csv|tsv|json|txt|pdf)$/i
const NUMBER_OR_DATE = /^([\d._~-]+|\d{4}-\d\d-\d\dT.*)$/

const BULLET = /^\s*(?:[-*•]|\d+[.)])\s+/
const WRAPPING = /^["'`([{<]+|["'`)\]}>,;]+$/g

/** The ids in a line of text, in their order; none where it is not understood. */
export function idsInLine(line: string): readonly TaskId[] {
  // Not even a link is shorter than an id among other words.
  const parts = partsOf(line).filter((part) => part.length >= SHORTEST_WORD)
  const certain = parts.flatMap((part) => inLink(part) ?? wordsOf(part).filter(isCertainId))
  if (certain.length > 0) return certain
  const alone = asTaskId(stripped(line.replace(BULLET, '').trim(), WRAPPING))
  return alone === null ? parts.flatMap(wordsOf).filter(looksLikeId) : [alone]
}

/** Whether a word has a form that only ids of tasks have. */
export const isCertainId = (word: string): boolean => UUID.test(word) || SANDBOX.test(word)

const stripped = (text: string, ends: RegExp): string =>
  text.length > LONGEST_PART ? text : text.replace(ends, '')

/** A link to a list has commas in it, other parts end at them. */
const partsOf = (line: string): string[] =>
  line
    .split(/[\s"'`<>(){}[\]]+/)
    .flatMap((part) => (part.includes('#tasks=') ? part : part.split(/[,;|]/)))

/** The ids in a link; null where the part is none. */
function inLink(part: string): readonly TaskId[] | null {
  if (part.includes('#tasks=')) return readListHash(part.slice(part.indexOf('#tasks=')))
  const links = part.match(/\/tasks\/[^/?#]*/g)
  return links?.flatMap(inTaskLink) ?? null
}

/** The dot behind a link is the end of a sentence. */
function inTaskLink(link: string): readonly TaskId[] {
  const id = parseTaskId(stripped(link, /[.:!]+$/))
  return id.ok ? [id.value] : []
}

/** The words that may be ids. Other links, paths and addresses have some in them that are none. */
const wordsOf = (part: string): readonly TaskId[] =>
  /[/@\\]/.test(part)
    ? []
    : part
        .split(/[^\w.~-]+/)
        .flatMap((word) => asTaskId(stripped(word, /^[._~-]+|[._~-]+$/g)) ?? [])

const looksLikeId = (word: string): boolean =>
  word.length >= SHORTEST_WORD &&
  /\d/.test(word) &&
  !FILE_NAME.test(word) &&
  !NUMBER_OR_DATE.test(word) &&
  !isModelId(word.toLowerCase())

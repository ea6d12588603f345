import { asTaskId, type TaskId } from '../upscayl/task-id.ts'
import { type Entry, readStored, withoutPictures } from './entry.ts'
import { type Found, plainName } from './found.ts'
import { idsInLine, isCertainId } from './ids-in-line.ts'

/*
 * Ids in JSON of any shape. A field that names a task's id outweighs one that is only called "id": the
 * body of a webhook has an id of its own around the task, and its files may have some inside.
 */

type Item =
  | { readonly kind: 'id'; readonly id: TaskId; readonly named: boolean }
  | { readonly kind: 'entry'; readonly entry: Entry; readonly named: true }
  | { readonly kind: 'unread'; readonly text: string; readonly named: true }

const DEEPEST = 100

/** Finds what JSON text holds. False where the text is no JSON, or holds no id at all. */
export function findInJson(text: string, found: Found): boolean {
  const json = parse(text)
  if (json === undefined || !isShallow(json, DEEPEST)) return false
  const items = Array.isArray(json) ? json.flatMap(itemsOfListed) : itemsOf(json)
  if (items.every(({ kind }) => kind === 'unread')) return false
  for (const item of items) {
    if (item.kind === 'id') found.id(item.id)
    else if (item.kind === 'entry') found.entry(item.entry)
    else found.unread(item.text)
  }
  return true
}

/** Whether text is JSON, whatever it holds. */
export const isJson = (text: string): boolean => parse(text) !== undefined

/** An object or an array; undefined for everything else. Most lines are neither, and told so at once. */
function parse(text: string): unknown {
  const ends = text.trim()
  if (!/^[{[]/.test(ends) || !/[}\]]/.test(ends.slice(-1))) return undefined
  try {
    return JSON.parse(ends)
  } catch {
    return undefined
  }
}

const isShallow = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((it) => isShallow(it, levels - 1)))

const TASK_ID = 'taskid'
const ID = 'id'
const LISTS: ReadonlySet<string> = new Set(['tasks', 'taskids', 'ids'])
/** What a file is called is no task. */
const PASSED_OVER: ReadonlySet<string> = new Set(['files'])

function itemsOf(value: unknown): Item[] {
  if (typeof value === 'string') return linksIn(value)
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) {
    return value.flatMap((it) =>
      typeof it === 'string' && isCertainId(it) ? itemsOfWord(it) : itemsOf(it),
    )
  }
  const stored = readStored(value)
  if (stored.kind === 'entry')
    return [{ kind: 'entry', entry: withoutPictures(stored.entry), named: true }]

  const own: Item[][] = []
  const plain: Item[][] = []
  const inside: Item[][] = []
  for (const [field, it] of Object.entries(value)) {
    const name = plainName(field)
    if (PASSED_OVER.has(name)) continue
    if (LISTS.has(name) && Array.isArray(it)) inside.push(it.flatMap(itemsOfListed))
    else if (name === TASK_ID && isWord(it)) own.push(itemsOfWord(it))
    else if (name === ID && typeof it === 'string') plain.push(idsOf(it))
    else inside.push(itemsOf(it))
  }
  const named = inside.flat().filter((item) => item.named)
  if (own.length > 0) return [...own.flat(), ...named]
  if (named.length > 0) return named
  return plain.length > 0 ? plain.flat() : inside.flat()
}

/** What stands in a list of tasks is one, so whatever identifies it is its id. */
function itemsOfListed(value: unknown): Item[] {
  if (isWord(value)) return itemsOfWord(value)
  const items = itemsOf(value)
  return items.length === 0
    ? [{ kind: 'unread', text: JSON.stringify(value), named: true }]
    : items.map((item) => ({ ...item, named: true }))
}

/** A larger number has lost digits on its way. */
const isWord = (value: unknown): value is string | number =>
  typeof value === 'string' || Number.isSafeInteger(value)

/** Of a value that should be an id. */
function itemsOfWord(value: string | number): Item[] {
  const text = String(value)
  const id = asTaskId(text.trim())
  const ids = id === null ? idsInLine(text) : [id]
  return ids.length === 0
    ? [{ kind: 'unread', text, named: true }]
    : ids.map((it) => ({ kind: 'id', id: it, named: true }))
}

/** Of a value that may be an id. */
function idsOf(text: string): Item[] {
  const id = asTaskId(text.trim())
  return id === null ? linksIn(text) : [{ kind: 'id', id, named: false }]
}

const linksIn = (text: string): Item[] =>
  /\/tasks\/|#tasks=/.test(text)
    ? idsInLine(text).map((id) => ({ kind: 'id', id, named: true }))
    : []

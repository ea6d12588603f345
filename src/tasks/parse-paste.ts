import { asTaskId, type TaskId } from '../../core/api/task-id.ts'
import { parseJson } from '../../core/lib/parse-json.ts'
import { parseCsv } from '../lib/csv.ts'
import { idsInLine, isCertainId } from './ids-in-line.ts'
import { mergeEntries } from './merge.ts'
import { MAX_ENTRIES, readStored, type TrackedTask, withoutImages } from './tracked-task.ts'

/** Parsed paste or file. */
export interface Pasted {
  /** Unique IDs, in order of first appearance. */
  readonly ids: readonly TaskId[]
  /** Entries of some of `ids`, from an export. */
  readonly entries: readonly TrackedTask[]
  /** Whole lines, or parts of JSON, without an ID, for the user to correct. */
  readonly unread: readonly string[]
  /** Number of IDs beyond MAX_ENTRIES. */
  readonly tooMany: number
  /** How many times an ID was there once more. */
  readonly repeats: number
}

export const NOTHING_PASTED: Pasted = {
  ids: [],
  entries: [],
  unread: [],
  tooMany: 0,
  repeats: 0,
}

type Found =
  | { readonly kind: 'task'; readonly id: TaskId; readonly entry: TrackedTask | null }
  | { readonly kind: 'unread'; readonly text: string }

const task = (id: TaskId): Found => ({ kind: 'task', id, entry: null })
const unread = (text: string): Found => ({ kind: 'unread', text })
const hasTask = (found: readonly Found[]): boolean => found.some(({ kind }) => kind === 'task')

/**
 * Parses IDs, links to tasks and lists, tables, JSON and our own exports, also mixed. An ordinary word does
 * not count as an ID, but a line of one word does. Never throws.
 */
export function readPaste(text: string): Pasted {
  const known = new Map<TaskId, TrackedTask | null>()
  const lines: string[] = []
  let repeats = 0
  for (const found of findAll(text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n'))) {
    if (found.kind === 'unread') {
      if (found.text.trim() !== '') lines.push(found.text)
      continue
    }
    const { id, entry } = found
    const had = known.get(id) ?? null
    if (known.has(id)) repeats++
    known.set(id, had === null || entry === null ? (entry ?? had) : mergeEntries(had, entry))
  }
  const taken = [...known].slice(0, MAX_ENTRIES)
  return {
    ids: taken.map(([id]) => id),
    entries: taken.flatMap(([, entry]) => entry ?? []),
    unread: lines,
    tooMany: known.size - taken.length,
    repeats,
  }
}

function findAll(text: string): readonly Found[] {
  const json = asJson(text)
  if (json === undefined) {
    const found = inTable(text)
    return found.length > 0 ? found : text.split('\n').flatMap(inLine)
  }
  const found = inJson(json)
  // JSON without a task may contain words that look like IDs but are not.
  return hasTask(found) ? found : text.split('\n').map(unread)
}

/** Parses a line of a log, of prose, or of a partial export. */
function inLine(line: string): readonly Found[] {
  const json = asJson(line.trim().replace(/,$/, ''))
  const found = json === undefined ? idsInLine(line).map(task) : inJson(json)
  return hasTask(found) ? found : [unread(line)]
}

/** Normalized name of a field or column: task_id, Task ID and taskId are the same. */
const plainName = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, '')
const TASK_ID = 'taskid'
const ID = 'id'

/**
 * Parses a table whose header names an ID column. Only that column is read, since names of files and models
 * look like IDs too. Empty if the first line is not such a header, or there are no rows.
 */
function inTable(text: string): readonly Found[] {
  // From the start of the line, not its first character: a column may have no name.
  const start = text.lastIndexOf('\n', text.search(/\S/)) + 1
  const end = text.indexOf('\n', start)
  const header = text.slice(start, Math.max(start, end))
  const ways = [',', ';', '\t']
    .map((delimiter) => ({ delimiter, names: namesOf(header, delimiter) }))
    .sort((a, b) => b.names.length - a.names.length)
  const having = (name: string) => ways.find(({ names }) => names.includes(name))
  const way = having(TASK_ID) ?? having(ID)
  if (way === undefined) return []
  const { delimiter, names } = way
  const column = names.indexOf(names.includes(TASK_ID) ? TASK_ID : ID)
  return parseCsv(text.slice(end + 1), delimiter).flatMap(({ cells, source }) => {
    // Blank, or a repeated header of concatenated tables.
    if (source === header.trim() || cells.every((cell) => cell.trim() === '')) return []
    // A list with a heading, or text after a table.
    const isLine = names.length === 1 || cells.length === 1
    const ids = isLine ? idsInLine(source) : idsOf(cells[column] ?? '')
    return ids.length === 0 ? [unread(source)] : ids.map(task)
  })
}

const namesOf = (header: string, delimiter: string): readonly string[] =>
  parseCsv(header, delimiter)[0]?.cells.map(plainName) ?? []

/** Parses a value that should be an ID. */
function idsOf(text: string): readonly TaskId[] {
  const id = asTaskId(text.trim())
  return id === null ? idsInLine(text) : [id]
}

/** An object or an array; undefined for anything else, as for most lines. */
function asJson(text: string): unknown {
  const ends = text.trim()
  return /^[{[]/.test(ends) && /[}\]]/.test(ends.slice(-1)) ? parseJson(ends) : undefined
}

const DEEPEST = 100

const isShallow = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((it) => isShallow(it, levels - 1)))

function inJson(json: unknown): readonly Found[] {
  if (!isShallow(json, DEEPEST)) return []
  return Array.isArray(json) ? json.flatMap(inListed) : likeliest(inValue(json))
}

/** Larger numbers have lost digits. */
const isWord = (value: unknown): value is string | number =>
  typeof value === 'string' || Number.isSafeInteger(value)

/** Each item of a task list is a task, so its best identifier is the ID. */
function inListed(value: unknown): readonly Found[] {
  if (isWord(value)) {
    const ids = idsOf(String(value))
    return ids.length === 0 ? [unread(String(value))] : ids.map(task)
  }
  const found = likeliest(inValue(value))
  return found.length === 0 ? [unread(JSON.stringify(value))] : found
}

/**
 * A field that names a task takes precedence over one that is only called "id": the body of a webhook has
 * its own id around the task.
 */
interface Candidates {
  readonly named: readonly Found[]
  readonly other: readonly Found[]
}

const likeliest = ({ named, other }: Candidates) => (named.length > 0 ? named : other)
const LISTS: ReadonlySet<string> = new Set(['tasks', 'taskids', 'ids'])
/** Field name for array items. */
const ITEM = '[]'

function inValue(value: unknown): Candidates {
  if (typeof value === 'string') return { named: linksIn(value), other: [] }
  if (typeof value !== 'object' || value === null) return { named: [], other: [] }
  const stored = readStored(value)
  if (stored.kind === 'entry') {
    const entry = withoutImages(stored.entry)
    return { named: [{ kind: 'task', id: entry.id, entry }], other: [] }
  }
  const own: (readonly Found[])[] = []
  const inside: (readonly Found[])[] = []
  const plain: (readonly Found[])[] = []
  const nested: (readonly Found[])[] = []
  for (const [field, it] of Object.entries(value)) {
    const name = Array.isArray(value) ? ITEM : plainName(field)
    // Names of files are not tasks.
    if (name === 'files') continue
    if (LISTS.has(name) && Array.isArray(it)) inside.push(it.flatMap(inListed))
    else if (isNamed(name, it)) (name === ITEM ? inside : own).push(inListed(it))
    else if (name === ID && typeof it === 'string' && asTaskId(it.trim())) {
      plain.push(idsOf(it).map(task))
    } else {
      const { named, other } = inValue(it)
      inside.push(named)
      nested.push(other)
    }
  }
  return { named: [...own, ...inside].flat(), other: (plain.length > 0 ? plain : nested).flat() }
}

const isNamed = (name: string, value: unknown): boolean =>
  name === ITEM
    ? typeof value === 'string' && isCertainId(value)
    : name === TASK_ID && isWord(value)

const linksIn = (text: string): readonly Found[] =>
  /\/tasks\/|#tasks=/.test(text) ? idsInLine(text).map(task) : []

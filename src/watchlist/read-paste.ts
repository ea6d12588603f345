import type { TaskId } from '../upscayl/task-id.ts'
import { type Entry, MOST_ENTRIES } from './entry.ts'
import { type Found, gather } from './found.ts'
import { findInJson, isJson } from './ids-in-json.ts'
import { idsInLine } from './ids-in-line.ts'
import { findInTable } from './ids-in-table.ts'

/** What somebody pasted, or the text of a file. */
export interface Pasted {
  /** Each once, in the order of first sight. */
  readonly ids: readonly TaskId[]
  /** What an export remembered of some of `ids`. */
  readonly entries: readonly Entry[]
  /** Lines, or parts of JSON, in which no id was found: whole, to be corrected. */
  readonly unread: readonly string[]
  /** Ids beyond the most that are taken. */
  readonly tooMany: number
}

/**
 * Reads ids, links to tasks and lists, tables, JSON and our own exports, also mixed. Takes no word for an
 * id that only happens to be a possible one; a line of one word is an id. Never throws.
 */
export function readPaste(text: string): Pasted {
  const clean = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  return gather((found) => {
    if (findInJson(clean, found) || findInTable(clean, found)) return
    // JSON without a task has words that look like ids, and are none.
    const read = isJson(clean) ? found.unread : (line: string) => findInLine(line, found)
    for (const line of clean.split('\n')) read(line)
  }, MOST_ENTRIES)
}

function findInLine(line: string, found: Found): void {
  const text = line.trim()
  if (text === '') return
  // As in a log, or a few lines of an export.
  const json = text.endsWith(',') ? text.slice(0, -1) : text
  if (findInJson(json, found)) return
  const ids = isJson(json) ? [] : idsInLine(line)
  if (ids.length === 0) found.unread(line)
  for (const id of ids) found.id(id)
}

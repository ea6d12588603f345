import Papa from 'papaparse'
import { asTaskId } from '../upscayl/task-id.ts'
import { type Found, plainName } from './found.ts'
import { idsInLine } from './ids-in-line.ts'

/*
 * Tables whose header names the column of ids. Only that column is read then: names of files and models
 * look like ids too.
 */

const DELIMITERS = [',', ';', '\t']
const COLUMNS = ['taskid', 'id']

interface Header {
  readonly delimiter: string
  /** Of the ids. */
  readonly column: number
  readonly width: number
  /** As it was pasted. */
  readonly source: string
}

/** Finds what a table holds. False where its first line is no header with a column of ids, and rows. */
export function findInTable(text: string, found: Found): boolean {
  // Not from the first sign on: a column may have no name.
  const start = text.lastIndexOf('\n', text.search(/\S/)) + 1
  const end = text.indexOf('\n', start)
  const header = end < 0 ? null : headerOf(text.slice(start, end))
  if (header === null) return false
  // Papaparse takes a byte order mark out, and no notice of it where it counts.
  const body = text.slice(end + 1).replace(/^\ufeff/, '')
  const rows = rowsOf(body, header.delimiter).filter(({ cells }) => !isBlank(cells))
  if (rows.length === 0) return false
  for (const { cells, source } of rows) findInRow(cells, source, header, found)
  return true
}

function headerOf(line: string): Header | null {
  const ways = DELIMITERS.map((delimiter) => {
    const cells = Papa.parse<string[]>(line, { delimiter }).data[0] ?? []
    return { delimiter, names: cells.map(plainName) }
  }).sort((a, b) => b.names.length - a.names.length)
  for (const name of COLUMNS) {
    for (const { delimiter, names } of ways) {
      const column = names.indexOf(name)
      if (column >= 0) return { delimiter, column, width: names.length, source: line.trim() }
    }
  }
  return null
}

interface Row {
  readonly cells: readonly string[]
  /** As it was pasted. */
  readonly source: string
}

function rowsOf(text: string, delimiter: string): readonly Row[] {
  const rows: Row[] = []
  let isBroken = false
  let from = 0
  Papa.parse<string[]>(text, {
    delimiter,
    newline: '\n',
    step: ({ data, errors, meta }) => {
      if (errors.length > 0) isBroken = true
      rows.push({ cells: data, source: text.slice(from, meta.cursor).trim() })
      from = meta.cursor
    },
  })
  // A quote that does not end would take all rows behind it for one cell.
  return isBroken
    ? text.split('\n').map((line) => ({ cells: line.split(delimiter), source: line.trim() }))
    : rows
}

const isBlank = (cells: readonly string[]): boolean => cells.every((it) => it.trim() === '')

function findInRow(cells: readonly string[], source: string, header: Header, found: Found): void {
  // Tables that were put one behind the other.
  if (source === header.source) return
  const cell = cells[header.column] ?? ''
  // In a list with a heading, and behind a table, lines are lines.
  const isLine = header.width === 1 || cells.length === 1
  const id = isLine ? null : asTaskId(cell.trim())
  const ids = id === null ? idsInLine(isLine ? source : cell) : [id]
  if (ids.length === 0) found.unread(source)
  for (const id of ids) found.id(id)
}

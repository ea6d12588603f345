/** A table row: its cells, and its text as written. */
export interface CsvRow {
  readonly cells: readonly string[]
  readonly source: string
}

/** Parses RFC 4180. A quote that does not enclose a whole cell is an ordinary character. */
export function parseCsv(text: string, delimiter = ','): readonly CsvRow[] {
  const cell = new RegExp(
    `(?:"([^"]*(?:""[^"]*)*)"|([^${delimiter}\\r\\n]*))(${delimiter}|\\r\\n?|\\n|$)`,
    'g',
  )
  const rows: CsvRow[] = []
  let cells: string[] = []
  let start = 0
  for (const { 0: whole, 1: quoted, 2: plain = '', 3: end, index } of text.matchAll(cell)) {
    cells.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === delimiter) continue
    rows.push({ cells, source: text.slice(start, index + whole.length).trim() })
    if (end === '') break
    cells = []
    start = index + whole.length
  }
  return rows
}

type Value = string | number | null | undefined

/** Start of a cell that spreadsheets run (OWASP, CSV Injection), full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
const NEEDS_QUOTES = /^'[=+\-@\t＝＋－＠]|[",\r\n\ufeff]|^ | $/

/** Formats rows by RFC 4180, each with a line break. An apostrophe precedes formulas. */
export const formatCsv = (rows: readonly (readonly Value[])[]): string =>
  rows.map((row) => `${row.map(formatCell).join(',')}\r\n`).join('')

function formatCell(value: Value): string {
  if (typeof value !== 'string') return value?.toString() ?? ''
  const text = FORMULA.test(value) ? `'${value}` : value
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatCsv, parseCsv } from './csv.ts'

it('reads what it wrote, except for the mark against spreadsheet formulas', () => {
  const rows = fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }))
  fc.assert(
    fc.property(rows, (table) => {
      const read = parseCsv(formatCsv(table)).map(({ cells }) => cells)
      const marked = table.map((row) =>
        row.map((cell) => (/^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell)),
      )
      // The last line break is followed by an empty row.
      expect(read).toEqual([...marked, ['']])
    }),
  )
})

it.each([
  ['a,"b\n""c""",\r\nd', [['a', 'b\n"c"', ''], ['d']]],
  [
    'a,"5 in\nb,x\n"c","d"',
    [
      ['a', '"5 in'],
      ['b', 'x'],
      ['c', 'd'],
    ],
  ],
  ['5" x 7",b\r"a"b', [['5" x 7"', 'b'], ['"a"b']]],
])('reads %j', (text, cells) => {
  expect(parseCsv(text).map((row) => row.cells)).toEqual(cells)
})

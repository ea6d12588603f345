import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { HOUR } from '../lib/units.ts'
import { type LedgerRow, ledgerCsv, ledgerOf, totals } from './ledger.ts'
import { anyEntries, asId, entryAfter, STEP, T0 } from './testing.ts'

const row = (fields: Partial<LedgerRow> = {}): LedgerRow => ({
  taskId: asId('a'),
  name: null,
  model: null,
  scale: null,
  amount: 10,
  state: 'deducted',
  at: T0,
  question: 1,
  odd: [],
  ...fields,
})

const cells = (csv: string) => Papa.parse<string[]>(csv.replace(/\r\n$/, '')).data

describe('ledgerOf', () => {
  it('has the newest deduction first, then those not deducted', () => {
    const rows = ledgerOf([
      entryAfter('open', ['credits-unconfirmed']),
      entryAfter('early', ['processed'], T0 - HOUR),
      entryAfter('late', ['enhancing', 'batch']),
      entryAfter('silent', ['credits-unknown']),
    ])
    expect(rows.map(({ taskId }) => taskId)).toEqual(['late', 'early', 'open', 'silent'])
    expect(rows[0]).toEqual({
      taskId: 'late',
      name: 'dunes.png',
      model: 'nature-boost-4x',
      scale: { kind: 'known', factor: 4 },
      amount: 60,
      state: 'deducted',
      at: T0 + STEP,
      question: 2,
      odd: [],
    })
    expect(rows.slice(2)).toMatchObject([
      { amount: 10, state: 'outstanding', at: null, question: null },
      { amount: null, state: 'unknown', at: null, question: null },
    ])
  })

  it.each([[], ['processing'], ['enhancing'], ['failed'], ['error-404']] as const)(
    'says nothing after %j',
    (...names) => {
      expect(ledgerOf([entryAfter('a', names)])).toEqual([])
    },
  )

  it('keeps a deduction that was taken back, or of which nothing else is known', () => {
    const back = entryAfter('back', ['processed', 'credits-unconfirmed'])
    const { record } = entryAfter('bare', ['processed'])
    const bare = { ...back, id: asId('bare'), record: { ...record, task: null } }
    const rows = ledgerOf([back, bare])
    expect(rows).toMatchObject([
      { taskId: 'back', state: 'outstanding', at: T0, odd: ['flag-went-back'] },
      { taskId: 'bare', state: 'unknown', amount: null, at: T0, question: 1 },
    ])
    expect(totals(rows)).toEqual({ deducted: 10, outstanding: 0, unknown: 1 })
  })
})

describe('totals', () => {
  it('adds what is known, and counts what is not', () => {
    expect(
      totals([
        row({ amount: 10 }),
        row({ amount: 0.5 }),
        row({ amount: null }),
        row({ state: 'outstanding', at: null, amount: 4 }),
        row({ state: 'unknown', at: null, amount: 7 }),
      ]),
    ).toEqual({ deducted: 10.5, outstanding: 4, unknown: 2 })
    expect(totals([])).toEqual({ deducted: 0, outstanding: 0, unknown: 0 })
  })
})

describe('ledgerCsv', () => {
  it('has a header of plain words, and times in UTC', () => {
    const csv = ledgerCsv([
      row({
        taskId: asId('late'),
        name: 'a "quoted", name.png',
        model: 'nature-boost-4x',
        scale: { kind: 'known', factor: 4 },
        odd: ['flag-went-back', 'amount-changed'],
      }),
      row({ amount: null, state: 'unknown', at: null, question: null }),
    ])
    expect(csv.split('\r\n')).toEqual([
      'Task id,Name,Model,Scale,Credits,State,First seen deducted (UTC),At question,Oddities',
      'late,"a ""quoted"", name.png",nature-boost-4x,4,10,deducted,2026-01-01T12:00:00.000Z,1,"Said to be deducted, then not; The amount changed after it was deducted"',
      'a,,,,,unknown,,,',
      '',
    ])
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '=1\n2', '=a,b"c', '＝1'])(
    'makes %j harmless, wherever it comes from outside',
    (text) => {
      const csv = ledgerCsv([row({ name: text, model: text, scale: { kind: 'odd', text } })])
      expect(cells(csv)[1]?.slice(1, 4)).toEqual([`'${text}`, `'${text}`, `'${text}`])
    },
  )

  it('leaves numbers and everything else as it is', () => {
    expect(cells(ledgerCsv([row({ name: 'a=b-c.png', amount: 1e21 })]))[1]).toEqual([
      ...['a', 'a=b-c.png', '', '', '1e+21', 'deducted', '2026-01-01T12:00:00.000Z', '1', ''],
    ])
  })

  it('reads back as a row a task, with no cell that a spreadsheet would run', () => {
    fc.assert(
      fc.property(anyEntries, fc.string({ unit: 'binary' }), (entries, name) => {
        const rows = ledgerOf(entries).map((it) => ({ ...it, name }))
        const [header, ...read] = cells(ledgerCsv(rows))
        expect(read.map(([id]) => id)).toEqual(rows.map(({ taskId }) => taskId))
        for (const line of read) {
          expect(line).toHaveLength(header?.length ?? 0)
          for (const cell of line) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
        }
      }),
    )
  })
})

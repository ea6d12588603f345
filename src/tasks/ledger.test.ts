import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR } from '../../core/lib/units.ts'
import { parseCsv } from '../lib/csv.ts'
import {
  type LedgerRow,
  ledgerCsv,
  ledgerOf,
  ledgerRowOf,
  spendingSince,
  totals,
} from './ledger.ts'
import { anyEntries, asId, entryAfter, STEP, T0 } from './testing-list.ts'

describe('ledgerOf', () => {
  it('is the same without removed tasks, whose rows are kept', () => {
    fc.assert(
      fc.property(anyEntries, fc.nat(12), (entries, n) => {
        const removed = new Map(
          entries.slice(0, n).flatMap((entry) => {
            const row = ledgerRowOf(entry)
            return row === null ? [] : [[entry.id, row] as const]
          }),
        )
        const sorted = (rows: readonly LedgerRow[]) =>
          [...rows].sort((a, b) => (a.taskId < b.taskId ? -1 : 1))
        const rows = sorted(ledgerOf(entries))
        expect(sorted(ledgerOf(entries.slice(n), removed))).toEqual(rows)
        expect(sorted(ledgerOf(entries, removed))).toEqual(rows)
      }),
    )
  })

  it('counts a task that was removed and added again once, when it was first seen', () => {
    const before = ledgerRowOf(entryAfter('a', ['processed'], T0))
    if (before === null) throw new Error('no row')
    const again = entryAfter('a', ['error-500', 'processed'], T0 + HOUR)
    const rows = ledgerOf([again], new Map([[again.id, before]]))
    expect(rows).toMatchObject([{ taskId: 'a', at: T0, requestNumber: 1, amount: 10 }])
    expect(spendingSince(rows)).toBe(T0)
    expect(spendingSince([])).toBeNull()
    // Of an earlier task, found in the API's history.
    expect(spendingSince([...rows, row({ at: null, state: 'deducted' })])).toBeNull()
    expect(spendingSince([...rows, row({ at: null, state: 'outstanding' })])).toBe(T0)
  })
})

const row = (fields: Partial<LedgerRow> = {}): LedgerRow => ({
  taskId: asId('a'),
  name: null,
  model: null,
  scale: null,
  amount: 10,
  state: 'deducted',
  at: T0,
  requestNumber: 1,
  anomalies: [],
  ...fields,
})

const cells = (csv: string) => parseCsv(csv.replace(/\r\n$/, '')).map((it) => it.cells)

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
      requestNumber: 2,
      anomalies: [],
    })
    expect(rows.slice(2)).toMatchObject([
      { amount: 10, state: 'outstanding', at: null, requestNumber: null },
      { amount: null, state: 'unknown', at: null, requestNumber: null },
    ])
  })

  it.each([[], ['processing'], ['enhancing'], ['failed'], ['error-404']] as const)(
    'has no row after %j',
    (...names) => {
      expect(ledgerOf([entryAfter('a', names)])).toEqual([])
    },
  )

  it('keeps a deduction that was reversed, or without any other data', () => {
    const back = entryAfter('back', ['processed', 'credits-unconfirmed'])
    const { record } = entryAfter('bare', ['processed'])
    const bare = { ...back, id: asId('bare'), record: { ...record, task: null } }
    const rows = ledgerOf([back, bare])
    expect(rows).toMatchObject([
      { taskId: 'back', state: 'outstanding', at: T0, anomalies: ['flag-went-back'] },
      { taskId: 'bare', state: 'unknown', amount: null, at: T0, requestNumber: 1 },
    ])
    expect(totals(rows)).toEqual({ deducted: 10, outstanding: 0, unknown: 1 })
  })
})

describe('totals', () => {
  it('adds known amounts, and counts unknown ones', () => {
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
  it('has a readable header, and times in UTC', () => {
    const csv = ledgerCsv([
      row({
        taskId: asId('late'),
        name: 'a "quoted", name.png',
        model: 'nature-boost-4x',
        scale: { kind: 'known', factor: 4 },
        anomalies: ['flag-went-back', 'amount-changed'],
      }),
      row({ amount: null, state: 'unknown', at: null, requestNumber: null }),
    ])
    expect(csv.split('\r\n')).toEqual([
      'Task ID,Name,Model,Scale,Credits,State,Deduction first seen (UTC),Check #,Anomalies',
      'late,"a ""quoted"", name.png",nature-boost-4x,4,10,deducted,2026-01-01T12:00:00.000Z,1,Upscayl later reported no deduction. Check your account at Upscayl. The amount changed after it was first reported.',
      'a,,,,,unknown,,,',
      '',
    ])
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '=1\n2', '=a,b"c', '＝1'])(
    'escapes %j in every external text',
    (text) => {
      const csv = ledgerCsv([row({ name: text, model: text, scale: { kind: 'odd', text } })])
      expect(cells(csv)[1]?.slice(1, 4)).toEqual([`'${text}`, `'${text}`, `'${text}`])
    },
  )

  it('leaves numbers and all else unchanged', () => {
    expect(cells(ledgerCsv([row({ name: 'a=b-c.png', amount: 1e21 })]))[1]).toEqual([
      ...['a', 'a=b-c.png', '', '', '1e+21', 'deducted', '2026-01-01T12:00:00.000Z', '1', ''],
    ])
  })

  it('parses back as one row per task, without a cell that a spreadsheet would execute', () => {
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

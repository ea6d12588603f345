import { MODELS } from '../../../core/api/models.ts'
import { DAY, MINUTE } from '../../../core/lib/units.ts'
import type { CreditDays } from '../../tasks/credit-days.ts'
import type { LedgerRow } from '../../tasks/ledger.ts'
import { sampleId } from './task-scene.tsx'

/* Credits of invented tasks, the same each time. */

const IDS = Object.keys(MODELS)
const LONG_MODEL = 'experimental-hyper-detail-restoration-with-a-name-that-does-not-end-16x'

/** Two weeks of these models, the same each time; `scale` is about a day's total. */
export function creditDays(
  at: number,
  models: readonly (string | null)[],
  scale: number,
): CreditDays {
  const today = at - (at % DAY)
  const days = Array.from({ length: 14 }, (_, index) => {
    const byModel = new Map<string | null, number>()
    models.forEach((model, rank) => {
      const wave = (index * 7 + rank * 5 + ((index * index) % 5)) % 9
      const amount = index % 7 === 3 ? 0 : Math.round((scale * wave) / (4 * (rank + 1.5)))
      if (amount > 0) byModel.set(model, amount)
    })
    const total = [...byModel.values()].reduce((sum, one) => sum + one, 0)
    return { start: today - (13 - index) * DAY, total, byModel }
  })
  const sum = (model: string | null) =>
    days.reduce((all, { byModel }) => all + (byModel.get(model) ?? 0), 0)
  return { days, models: models.toSorted((a, b) => sum(b) - sum(a)), unknown: 0 }
}

const FEW_MODELS = [IDS[7] ?? null, IDS[0] ?? null, IDS[4] ?? null]
export const MANY_MODELS = [...IDS.slice(0, 2), LONG_MODEL, ...IDS.slice(2), null]
export const fewModels = (at: number) => creditDays(at, FEW_MODELS, 40)
export const manyModels = (at: number) => creditDays(at, MANY_MODELS, 60)

/** One credit, on one day. */
export function single(at: number): CreditDays {
  const { days } = creditDays(at, [], 0)
  const model = IDS[0] ?? null
  const one = { total: 1, byModel: new Map([[model, 1]]) }
  return {
    days: days.map((day, index) => (index === 13 ? { ...day, ...one } : day)),
    models: [model],
    unknown: 0,
  }
}

export const ledgerRow = (at: number, index: number): LedgerRow => ({
  taskId: sampleId(`4f9c2d1e-7a53-4c1b-9d0e-${String(index).padStart(12, '0')}`),
  name: index % 4 === 3 ? null : `harbour-${String(index + 1).padStart(3, '0')}.jpg`,
  model: IDS[index % IDS.length] ?? null,
  scale: { kind: 'known', factor: 4 },
  amount: 4 + (index % 5) * 3,
  state: 'deducted',
  at: at - index * 47 * MINUTE,
  requestNumber: 3 + (index % 4),
  anomalies: [],
})

/** One row per kind of anomaly. */
export function oddRows(at: number): readonly LedgerRow[] {
  const row = (index: number, more: Partial<LedgerRow>) => ({ ...ledgerRow(at, index), ...more })
  const open = { at: null, requestNumber: null }
  return [
    row(0, { ...open, state: 'outstanding', amount: 12 }),
    row(1, { ...open, state: 'unknown', amount: null, model: null, scale: null }),
    row(2, {}),
    row(3, { anomalies: ['amount-changed', 'flag-went-back'] }),
    row(4, { anomalies: ['charged-though-failed'], amount: 1_234_567 }),
    row(5, { amount: null, at: null, requestNumber: null }),
    row(6, {
      name: `${'a-very-long-name-of-a-file-'.repeat(6)}.png`,
      model: LONG_MODEL,
      scale: { kind: 'odd', text: '32x' },
    }),
    row(7, { ...open, state: 'outstanding', amount: null, model: null }),
  ]
}

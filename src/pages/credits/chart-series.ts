import { MODELS, modelName } from '../../../core/api/models.ts'
import type { CreditDay } from '../../tasks/credit-days.ts'

/** A colour in the chart: one model, or all others together. */
export interface Series {
  readonly name: string
  /** Class of its colour. */
  readonly color: string
  readonly models: readonly (string | null)[]
}

const COLORS = ['bg-chart-1', 'bg-chart-2', 'bg-chart-3', 'bg-chart-4', 'bg-chart-5'] as const
const OTHER = 'bg-chart-other'

export const seriesName = (model: string | null): string =>
  model === null ? 'Model not reported' : modelName(model)

/** In API order, so that models which change places keep their colours. */
const CATALOGUE = Object.keys(MODELS)
const place = (model: string | null): number => {
  const at = model === null ? -1 : CATALOGUE.indexOf(model)
  return at === -1 ? CATALOGUE.length : at
}

/** The largest models get a colour each; more than five are hard to tell apart. */
export function seriesOf(models: readonly (string | null)[]): readonly Series[] {
  const own = models.slice(0, COLORS.length)
  const rest = models.slice(COLORS.length)
  const inOrder = [...own].sort((a, b) => place(a) - place(b))
  const series = own.map((model) => ({
    name: seriesName(model),
    color: COLORS[inOrder.indexOf(model)] ?? OTHER,
    models: [model],
  }))
  const [first] = rest
  if (first === undefined) return series
  const name = rest.length === 1 ? seriesName(first) : `${rest.length} other models`
  return [...series, { name, color: OTHER, models: rest }]
}

export const amountOf = (day: CreditDay, { models }: Pick<Series, 'models'>): number =>
  models.reduce((sum, model) => sum + (day.byModel.get(model) ?? 0), 0)

const MAX_LINES = 3

/** Round numbers up to `max`, two or three if there are that many. */
export function gridlines(max: number): readonly number[] {
  if (!(max > 0)) return []
  const power = 10 ** Math.floor(Math.log10(max / MAX_LINES))
  const steps = [1, 2, 3, 5, 10].map((n) => n * power)
  // A third of `max` is at most ten times its power, so one of them fits.
  const step = steps.find((one) => max / one < MAX_LINES + 1) ?? max
  // Steps are whole credits unless the maximum is below one.
  const whole = max < 1 ? step : Math.max(1, step)
  const count = Math.floor(max / whole + 1e-9)
  return Array.from({ length: count }, (_, n) => Number(((n + 1) * whole).toPrecision(12)))
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** Compact number for narrow places: "1.2M". */
export const formatCompact = (value: number): string => compact.format(value)

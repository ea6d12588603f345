import * as v from 'valibot'
import type { Balance } from '../../core/api/balance.ts'
import { instant } from '../../core/api/task.ts'
import { jsonFormat } from '../../core/lib/parse-json.ts'
import type { ApiKey } from '../session/api-key.ts'
import { persistedPerKey } from '../session/persisted-per-key.ts'

/** The last balance that a response had, which few have. */
export interface ReportedBalance extends Balance {
  /** Epoch milliseconds; 0 for never. */
  readonly at: number
}

const credits = v.nullable(v.pipe(v.number(), v.minValue(0)))

export const balanceOf = persistedPerKey<ReportedBalance>(
  'balance',
  { credits: null, extra: null, at: 0 },
  jsonFormat(v.object({ credits, extra: credits, at: instant })),
)

/** A cached response may come later than a newer one. */
export const keepBalance = (key: ApiKey, balance: Balance, at: number): void =>
  balanceOf(key).change((known) => (at >= known.at ? { ...balance, at } : known))

import * as v from 'valibot'
import { amount, lenient } from './wire.ts'

/** Credits of the account. The API describes these fields but not which response has them. */
export interface Balance {
  readonly credits: number | null
  /** Bought in addition, or granted. */
  readonly extra: number | null
}

const response = v.object({
  data: v.object({ currentCredits: lenient(amount), currentExtraCredits: lenient(amount) }),
})

/** The balance in any response body; null if it has none. */
export function readBalance(json: unknown): Balance | null {
  const parsed = v.safeParse(response, json)
  if (!parsed.success) return null
  const { currentCredits: credits, currentExtraCredits: extra } = parsed.output.data
  return credits === null && extra === null ? null : { credits, extra }
}

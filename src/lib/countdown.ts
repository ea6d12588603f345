import { HOUR, MINUTE } from '../../core/lib/units.ts'
import type { Reading } from './clock.ts'
import { remaining } from './format.ts'

export type Urgency = 'calm' | 'soon' | 'urgent' | 'over'

const SOON = HOUR
const URGENT = 5 * MINUTE

/** Time left until `at`, finer as it approaches: days, hours, minutes, then m:ss. */
export function countdown(at: number, now: number): Reading<string> {
  const left = at - now
  if (left <= 0) return { value: '0:00', changesAt: null }
  const { text, changesAt } = remaining(at, left)
  return { value: text, changesAt }
}

/** How soon `at` is. */
export function urgency(at: number, now: number): Reading<Urgency> {
  const left = at - now
  if (left <= 0) return { value: 'over', changesAt: null }
  if (left <= URGENT) return { value: 'urgent', changesAt: at }
  if (left <= SOON) return { value: 'soon', changesAt: at - URGENT }
  return { value: 'calm', changesAt: at - SOON }
}

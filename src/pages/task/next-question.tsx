import { useCallback } from 'react'
import { useReading } from '../../lib/clock.ts'
import { until } from '../../lib/format.ts'
import type { Next } from '../../polling/policy.ts'

interface NextQuestionProps {
  readonly next: Next
  readonly asking: boolean
  readonly offline: boolean
}

const DONE = {
  settled: 'All is known; Loupe asks no more',
  unconfirmed: 'Loupe has stopped asking',
} as const

/** When Loupe asks again, or why it does not. */
export function NextQuestion({ next, asking, offline }: NextQuestionProps) {
  const at = next.kind === 'ask' ? next.at : null
  const relative = useReading(
    useCallback(
      (now: number) => (at === null ? { value: '', changesAt: null } : until(at, now)),
      [at],
    ),
  )
  if (offline) return 'Offline: Loupe asks when the network is back'
  if (asking) return 'Asking now'
  if (next.kind === 'ask') return `Next question ${relative}`
  return next.why in DONE ? DONE[next.why as keyof typeof DONE] : 'Loupe has stopped asking'
}

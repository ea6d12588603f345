import { RefreshCw } from 'lucide-react'
import { type ReactNode, useCallback } from 'react'
import { Button } from '../../components/button.tsx'
import { useReading } from '../../lib/clock.ts'
import { formatClockTime, until } from '../../lib/format.ts'
import { type Allowance, standing } from '../../polling/budget.ts'
import type { Next } from '../../polling/policy.ts'

/** Why Loupe asks no more, in words. */
export const NEVER = {
  settled: 'All is known; Loupe asks no more',
  unconfirmed: 'Loupe has stopped asking',
  'no-allowance': 'The limit allows no questions at all',
} as const satisfies Record<Extract<Next, { kind: 'never' }>['why'], string>

interface NextQuestionProps {
  /** Null where the answer would be the same again. */
  readonly next: Next | null
  readonly asking: boolean
  readonly offline: boolean
  readonly paused: boolean
}

/** When Loupe asks again, or why it does not. */
export function NextQuestion({ next, asking, offline, paused }: NextQuestionProps) {
  const at = next?.kind === 'ask' ? next.at : null
  const relative = useReading(
    useCallback(
      (now: number) => (at === null ? { value: '', changesAt: null } : until(at, now)),
      [at],
    ),
  )
  if (offline) return 'Offline. Checks resume when you reconnect.'
  if (asking || next?.kind === 'waiting') return 'Asking now'
  if (next === null) return 'Loupe has stopped asking'
  if (next.kind === 'never') return NEVER[next.why]
  if (paused) return 'Paused: Loupe asks nothing by itself'
  if (next.why === 'allowance') {
    return `Next question at ${formatClockTime(next.at)}, ${relative}: the limit is used up until then`
  }
  return `Next question ${relative}`
}

interface AskNowProps {
  readonly allowance: Allowance
  readonly asking: boolean
  readonly onAsk: () => void
  readonly children?: ReactNode
}

/** One question by a person's wish; where none is left, the reason instead. */
export function AskNow({ allowance, asking, onAsk, children = 'Ask now' }: AskNowProps) {
  const reason = useReading(
    useCallback(
      (now: number) => {
        const { left, nextAt, blockedUntil } = standing(allowance, now)
        const at = blockedUntil ?? (left === 0 ? nextAt : null)
        return {
          value: at === null ? null : `No question left until ${formatClockTime(at)}`,
          changesAt: at,
        }
      },
      [allowance],
    ),
  )
  return (
    <Button
      onClick={onAsk}
      disabled={asking || reason !== null}
      title={reason ?? 'Costs one question of the hour'}
      icon={<RefreshCw aria-hidden size={15} />}
    >
      {reason ?? children}
    </Button>
  )
}

import { RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Quota } from '../../../core/quota/quota.ts'
import type { PlannedCheck } from '../../../core/schedule/schedule.ts'
import { now, useReading } from '../../lib/clock.ts'
import { formatClockTime, until } from '../../lib/format.ts'
import { noChecksText } from '../../tasks/no-checks.ts'
import { Button } from '../../ui/button.tsx'

/** Reasons why no check is planned, in words. */
export const NEVER = {
  settled: 'Up to date',
  unconfirmed: 'Checks stopped',
  'no-allowance': 'The limit is set to zero',
} as const satisfies Record<Extract<PlannedCheck, { kind: 'never' }>['why'], string>

interface NextCheckProps {
  /** Null if the response would be the same again. */
  readonly next: PlannedCheck | null
  readonly fetching: boolean
  readonly offline: boolean
  readonly paused: boolean
}

/** Time of the next check, or why there is none. */
export function NextCheck({ next, fetching, offline, paused }: NextCheckProps) {
  const at = next?.kind === 'ask' ? next.at : null
  const relative = useReading(until, at)
  if (offline) return 'Offline. Checks resume when you reconnect.'
  if (fetching || next?.kind === 'waiting') return 'Checking…'
  if (next === null) return 'Checks stopped'
  if (next.kind === 'never') return NEVER[next.why]
  if (paused) return 'Paused'
  if (next.why === 'allowance') {
    return `Next check at ${formatClockTime(next.at)} (hourly limit reached)`
  }
  return `Next check ${relative}`
}

/** Whether no check is sent for now: they are paused, or no request is allowed yet. */
export const isHeld = ({ next, fetching, paused }: NextCheckProps): boolean =>
  !fetching &&
  next?.kind !== 'waiting' &&
  (paused || next?.kind === 'never' || (next !== null && next.at > now()))

interface CheckNowProps {
  readonly quota: Quota
  readonly fetching: boolean
  readonly checkNow: () => void
  readonly look?: 'quiet' | 'secondary' | 'primary'
  readonly children?: ReactNode
}

/** Button for a manual check; the reason instead if no request is left. */
export function CheckNow(props: CheckNowProps) {
  const { quota, fetching, checkNow, look = 'secondary', children = 'Check now' } = props
  const reason = useReading(noChecksText, quota)
  return (
    <Button
      onClick={checkNow}
      disabled={fetching || reason !== null}
      title={reason ?? 'Uses 1 check'}
      aria-keyshortcuts="r"
      look={look}
      icon={RefreshCw}
    >
      {reason ?? children}
    </Button>
  )
}

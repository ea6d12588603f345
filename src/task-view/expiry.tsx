import { Clock, ClockAlert } from 'lucide-react'
import { useCallback } from 'react'
import { TimeText } from '../components/time-text.tsx'
import { Unknown } from '../components/unknown.tsx'
import { useReading } from '../lib/clock.ts'
import { countdown, type Urgency, urgency } from '../lib/countdown.ts'

const INKS = {
  calm: 'text-muted',
  soon: 'text-warn',
  urgent: 'font-medium text-bad',
  over: 'text-muted',
} as const satisfies Record<Urgency, string>

/** How near the end of a file is; `calm` for ever where none was reported. Re-renders only at a change. */
export function useUrgency(endsAt: number | null): Urgency {
  const read = useCallback(
    (now: number) =>
      endsAt === null ? { value: 'calm' as const, changesAt: null } : urgency(endsAt, now),
    [endsAt],
  )
  return useReading(read)
}

/** When a file ends by this device's clock, which may be wrong: `clockSkew` is how far the server's is ahead. */
export const endsAt = (expiresAt: number | null, clockSkew: number): number | null =>
  expiresAt === null ? null : expiresAt - clockSkew

interface ExpiryProps {
  readonly expiresAt: number | null
  readonly clockSkew: number
}

/** A live countdown to the end of a file. */
export function Expiry({ expiresAt, clockSkew }: ExpiryProps) {
  if (expiresAt === null) return <Unknown why="expiry not reported" />
  return <KnownExpiry expiresAt={expiresAt} end={expiresAt - clockSkew} />
}

function KnownExpiry({ expiresAt, end }: { readonly expiresAt: number; readonly end: number }) {
  const near = useUrgency(end)
  const text = useReading(useCallback((now: number) => countdown(end, now), [end]))
  const Icon = near === 'calm' ? Clock : ClockAlert
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm ${INKS[near]}`}>
      <Icon aria-hidden size={14} className="shrink-0" />
      <TimeText at={expiresAt}>{near === 'over' ? 'Expired' : `Expires in ${text}`}</TimeText>
    </span>
  )
}

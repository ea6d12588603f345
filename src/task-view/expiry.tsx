import { Clock, ClockAlert } from 'lucide-react'
import { useCallback } from 'react'
import { TimeText } from '../components/time-text.tsx'
import { Unknown } from '../components/unknown.tsx'
import { useReading } from '../lib/clock.ts'
import { countdown, type Urgency, urgency } from '../lib/format.ts'

const INKS = {
  calm: 'text-muted',
  soon: 'text-warn',
  urgent: 'font-medium text-bad',
  over: 'text-muted',
} as const satisfies Record<Urgency, string>

/** How near the end of a file is; `calm` for ever where none was reported. Re-renders only at a change. */
export function useUrgency(expiresAt: number | null): Urgency {
  const read = useCallback(
    (now: number) =>
      expiresAt === null ? { value: 'calm' as const, changesAt: null } : urgency(expiresAt, now),
    [expiresAt],
  )
  return useReading(read)
}

/** A live countdown to the end of a file. */
export function Expiry({ expiresAt }: { readonly expiresAt: number | null }) {
  if (expiresAt === null) return <Unknown why="expiry not reported" />
  return <KnownExpiry expiresAt={expiresAt} />
}

function KnownExpiry({ expiresAt }: { readonly expiresAt: number }) {
  const near = useUrgency(expiresAt)
  const text = useReading(useCallback((now: number) => countdown(expiresAt, now), [expiresAt]))
  const Icon = near === 'calm' ? Clock : ClockAlert
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm ${INKS[near]}`}>
      <Icon aria-hidden size={14} className="shrink-0" />
      <TimeText at={expiresAt}>{near === 'over' ? 'Expired' : `Expires in ${text}`}</TimeText>
    </span>
  )
}

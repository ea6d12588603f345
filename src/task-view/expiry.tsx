import { Clock, ClockAlert } from 'lucide-react'
import { SECOND } from '../../core/lib/units.ts'
import { useReading } from '../lib/clock.ts'
import { countdown, type Urgency, urgency } from '../lib/countdown.ts'
import { TimeText } from '../ui/time-text.tsx'
import { Unknown } from '../ui/unknown.tsx'

const INKS = {
  calm: 'text-muted',
  soon: 'text-warn',
  urgent: 'font-medium text-bad',
  over: 'text-muted',
} as const satisfies Record<Urgency, string>

/**
 * Countdowns update on a shared beat: each update lays out the whole grid, so the visible ones
 * share two a second instead of causing one each. A second still lasts a second; none is late by
 * more than this.
 */
const BEAT = SECOND / 2
const onBeat = (at: number | null): number | null =>
  at === null ? null : Math.ceil(at / BEAT) * BEAT

interface ExpiryProps {
  /** Epoch milliseconds by this device's clock; null if unknown. */
  readonly endsAt: number | null
  /** Milliseconds by which the server's clock is ahead of this device's. */
  readonly clockSkew: number
  /** Off-screen countdowns are not updated. */
  readonly seen: boolean
}

/** Live countdown to the expiry of a file. */
export function Expiry({ endsAt, ...rest }: ExpiryProps) {
  return endsAt === null ? (
    <Unknown why="expiry not known" />
  ) : (
    <KnownExpiry endsAt={endsAt} {...rest} />
  )
}

/** Urgency and remaining time until `end` (epoch ms). Not updated while off-screen. */
export const useCountdown = (end: number, seen: boolean): { near: Urgency; text: string } =>
  useReading(readCountdown, end, seen)

function readCountdown(end: number, seen: boolean, now: number) {
  const left = countdown(end, now)
  return {
    value: { near: urgency(end, now).value, text: left.value },
    // Days, hours and minutes change with the text; so does the urgency.
    changesAt: seen ? onBeat(left.changesAt) : null,
  }
}

function KnownExpiry({ endsAt, clockSkew, seen }: ExpiryProps & { readonly endsAt: number }) {
  const { near, text } = useCountdown(endsAt, seen)
  const Icon = near === 'calm' ? Clock : ClockAlert
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm ${INKS[near]}`}>
      <Icon size={14} className="shrink-0" />
      <TimeText at={endsAt + clockSkew}>
        {near === 'over' ? 'Expired' : `Expires in ${text}`}
      </TimeText>
    </span>
  )
}

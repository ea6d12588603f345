import { Clock, ClockAlert } from 'lucide-react'
import { useCallback } from 'react'
import { TimeText } from '../components/time-text.tsx'
import { Unknown } from '../components/unknown.tsx'
import { useReading } from '../lib/clock.ts'
import { countdown, type Urgency, urgency } from '../lib/countdown.ts'
import { SECOND } from '../lib/units.ts'

const INKS = {
  calm: 'text-muted',
  soon: 'text-warn',
  urgent: 'font-medium text-bad',
  over: 'text-muted',
} as const satisfies Record<Urgency, string>

/**
 * Countdowns change on a common beat: each change lays the whole grid out again, so those in sight share
 * two a second instead of making one each. A second still lasts a second; none is late by more than this.
 */
const BEAT = SECOND / 2
const onBeat = (at: number | null): number | null =>
  at === null ? null : Math.ceil(at / BEAT) * BEAT

interface ExpiryProps {
  /** Epoch milliseconds by this device's clock; null for not known. */
  readonly endsAt: number | null
  /** Milliseconds that the server's clock is ahead of this device's. */
  readonly clockSkew: number
  /** Out of sight nothing needs to be counted. */
  readonly seen: boolean
}

/** A live countdown to the end of a file. */
export function Expiry({ endsAt, ...rest }: ExpiryProps) {
  return endsAt === null ? (
    <Unknown why="expiry not known" />
  ) : (
    <KnownExpiry endsAt={endsAt} {...rest} />
  )
}

/** How near `end` is (epoch ms), and what is left in words. Out of sight nothing is counted. */
export const useCountdown = (end: number, seen: boolean): { near: Urgency; text: string } =>
  useReading(
    useCallback(
      (now: number) => {
        const [nearness, left] = [urgency(end, now), countdown(end, now)]
        return {
          value: { near: nearness.value, text: left.value },
          // Days, hours and minutes change with the text; so does what is near.
          changesAt: seen ? onBeat(left.changesAt) : null,
        }
      },
      [end, seen],
    ),
  )

function KnownExpiry({ endsAt, clockSkew, seen }: ExpiryProps & { readonly endsAt: number }) {
  const { near, text } = useCountdown(endsAt, seen)
  const Icon = near === 'calm' ? Clock : ClockAlert
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm ${INKS[near]}`}>
      <Icon aria-hidden size={14} className="shrink-0" />
      <TimeText at={endsAt + clockSkew}>
        {near === 'over' ? 'Expired' : `Expires in ${text}`}
      </TimeText>
    </span>
  )
}

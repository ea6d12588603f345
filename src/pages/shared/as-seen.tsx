import { History } from 'lucide-react'
import { type ReactNode, useCallback } from 'react'
import { TimeText } from '../../components/time-text.tsx'
import { useReading } from '../../lib/clock.ts'
import { ago, formatDateTime } from '../../lib/format.ts'
import { Banner } from './banner.tsx'

interface AsSeenProps {
  /** Epoch milliseconds. */
  readonly at: number
  readonly children?: ReactNode
}

/** When a snapshot was true, and that it is over. */
export function AsSeen({ at, children }: AsSeenProps) {
  const age = useReading(useCallback((now: number) => ago(at, now), [at]))
  return (
    <Banner icon={<History aria-hidden size={16} className="mt-0.5 shrink-0" />}>
      <p>
        <span className="text-ink">
          As seen on <TimeText at={at}>{formatDateTime(at)}</TimeText> ({age}).
        </span>{' '}
        Not live: what has happened since then is not in this link.
      </p>
      <p className="mt-1">Anyone can create a link like this. Its content is not verified.</p>
      {children}
    </Banner>
  )
}

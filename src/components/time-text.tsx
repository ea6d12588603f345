import { type ReactNode, useId, useState } from 'react'
import { formatDateTime, formatUtc } from '../lib/format.ts'

interface TimeTextProps {
  /** Epoch milliseconds. */
  readonly at: number
  readonly children: ReactNode
  readonly className?: string
}

/** A time in words; the instant itself, local and UTC, on hover and focus. */
export function TimeText({ at, children, className = '' }: TimeTextProps) {
  const tip = useId()
  // WCAG 1.4.13: what appears on hover or focus can be dismissed without moving either.
  const [dismissed, setDismissed] = useState(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens to Escape of the focused time within
    <span
      className="group/time relative inline-block"
      onKeyDown={({ key }) => key === 'Escape' && setDismissed(true)}
      onBlur={() => setDismissed(false)}
      onPointerLeave={() => setDismissed(false)}
    >
      <time
        dateTime={new Date(at).toISOString()}
        aria-describedby={tip}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 1.4.13, what hover shows focus must show
        tabIndex={0}
        className={`rounded-sm underline decoration-line-strong decoration-dotted underline-offset-4 ${className}`}
      >
        {children}
      </time>
      <span
        role="tooltip"
        id={tip}
        hidden={dismissed}
        className="invisible absolute bottom-full left-0 z-20 mb-2 w-max max-w-64 rounded-lg bg-ink px-2.5 py-1.5 text-left text-xs font-normal text-page opacity-0 transition-opacity group-focus-within/time:visible group-focus-within/time:opacity-100 group-hover/time:visible group-hover/time:opacity-100"
      >
        {formatDateTime(at)}
        <br />
        {formatUtc(at)}
      </span>
    </span>
  )
}
